"""Reply texts: whose they are, which merge fields they may hold, and what becomes of them in a case."""

from __future__ import annotations

import pytest

from core.audit.models import Entry
from core.declare.display import show_date
from core.kernel.errors import NotFound, NotPermitted
from core.messaging import desk_replies
from core.messaging.desk_settings import today_at_desk
from core.messaging.errors import DeskOnly
from core.messaging.models import Reply
from core.messaging.presentation import reference_of
from tenants.scope import tenant_transaction
from tests.support import mailbox

THEME = "employees"


def save(actor, reply_id=None, **values):
    given = {"theme": THEME, "language": "fr", "title": "Pièce manquante", "text": "Il manque une pièce."} | values
    return desk_replies.save_reply(actor=actor, reply_id=reply_id, **given)


def test_every_merge_field_is_filled_in_and_other_braces_stay(office):
    anne, elena = office.actor(), office.clerk()
    everything = "; ".join(f"{{{name}}}" for name in desk_replies.MERGE_FIELDS)
    with tenant_transaction(office.caisse):
        message = mailbox.sent(anne)
        message.period = "2025"
        message.party.name = "{clerk} & {x}"  # a party's name is no template
        reply = save(elena, text=everything + " { party } 100 % {\n}")
        wanted = ["{clerk} & {x}", reference_of(message), "2025", elena.name, show_date(today_at_desk())]
        assert desk_replies.fill_in(reply, message=message, actor=elena) == (
            "; ".join(wanted) + " {clerk} & {x} 100 % {\n}"
        )


@pytest.mark.parametrize("name", ["name", "party.number", "", "0", "PARTY"])
def test_unknown_merge_field_is_refused_by_its_name(office, name):
    with tenant_transaction(office.caisse), pytest.raises(desk_replies.MergeFieldUnknown) as refused:
        save(office.clerk(), text=f"Bonjour {{party}}, {{{name}}}")
    assert refused.value.params["name"] == name
    assert f"{{{name}}}" in str(refused.value)


@pytest.mark.parametrize(
    "values",
    [{"title": " "}, {"title": "x" * 121}, {"text": ""}, {"text": "x" * 5001}, {"language": "rm"}, {"theme": ""}],
)
def test_incomplete_text_is_refused(office, values):
    with tenant_transaction(office.caisse), pytest.raises(desk_replies.ReplyIncomplete):
        save(office.clerk(), **values)


def test_texts_belong_to_those_who_act_in_their_theme(office):
    elena, felix, greta, anne = office.clerk(), office.clerk("felix"), office.clerk("greta"), office.actor()
    with tenant_transaction(office.caisse):
        wages = save(elena, theme="salary_declaration")
        own = save(felix)
        assert [one.id for one in desk_replies.list_replies(elena)] == [own.id, wages.id]
        assert [one.id for one in desk_replies.list_replies(felix)] == [own.id]
    for refusal, step in (
        (NotFound, lambda: save(felix, wages.id)),
        (NotPermitted, lambda: save(felix, own.id, theme="salary_declaration")),
        (NotPermitted, lambda: save(greta, own.id)),
        (NotPermitted, lambda: desk_replies.remove_reply(actor=greta, reply_id=own.id)),
        (NotFound, lambda: desk_replies.remove_reply(actor=felix, reply_id=wages.id)),
        (NotFound, lambda: desk_replies.access_reply(anne, own.id)),
        (DeskOnly, lambda: save(anne)),
    ):
        with tenant_transaction(office.caisse), pytest.raises(refusal):
            step()


def test_text_is_changed_under_a_title_of_its_own_and_removed(office):
    elena = office.clerk()
    with tenant_transaction(office.caisse):
        one, other = save(elena), save(elena, title="Rappel")
        save(elena, language="de")
        with pytest.raises(desk_replies.ReplyTitleTaken):
            save(elena, other.id)
        save(elena, one.id, text="Autrement.")
        assert Reply.objects.get(id=one.id).text == "Autrement."
        desk_replies.remove_reply(actor=elena, reply_id=one.id)
        assert Reply.objects.count() == 2
        assert list(Entry.objects.filter(object_id=str(one.id)).order_by("at").values_list("action", flat=True)) == [
            "reply_saved", "reply_saved", "reply_removed",
        ]  # fmt: skip


def test_texts_in_the_partys_language_come_first_and_other_themes_not_at_all(office):
    elena, anne = office.clerk(), office.actor()
    with tenant_transaction(office.caisse):
        message = mailbox.sent(anne)
        french, german, _wages = save(elena), save(elena, language="de"), save(elena, theme="salary_declaration")
        assert [one.id for one in desk_replies.list_replies_for(message)] == [french.id, german.id]
        message.party.language = "de"
        assert [one.id for one in desk_replies.list_replies_for(message)] == [german.id, french.id]
