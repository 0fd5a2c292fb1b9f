"""Terms of use from draft to answer: who is asked, what opens, what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Membership
from core.accounts.own.data import collect_own_data
from core.accounts.policy import caisse_today
from core.audit.models import Entry as AuditEntry
from core.kernel.errors import NotFound
from core.messaging import sending
from core.outbox.models import Entry
from core.outbox.services import drain
from core.terms import answering, drafting, memory, overview, telling
from core.terms.errors import (
    TermsChanged,
    TermsDayPast,
    TermsDayTaken,
    TermsIncomplete,
    TermsInForce,
    TermsNeedAnAdministrator,
    TermsNotAccepted,
    TermsPublished,
)
from core.terms.models import Answer, TermsText, Version
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.days import days_later
from tests.support.hearing import hear_out
from tests.support.racing import race
from tests.support.terms import answer, make_draft, publish


@pytest.fixture
def gilles(office):
    return office.clerk("gilles")


def today(office):
    return caisse_today(office.caisse)


def standing(office, name="anne", party="factory"):
    with tenant_transaction(office.caisse):
        return answering.get_standing(office.actor(name, party))


def test_nobody_is_asked_before_anything_is_published(office):
    make_draft(office)
    assert standing(office).state == "free"


def test_from_closed_to_accepted(office):
    first = publish(office, today(office))
    assert standing(office).state == "closed"
    answer(office, first, "accepted")
    assert standing(office).state == "accepted"
    assert standing(office, "beat").own_missing
    answer(office, first, "acknowledged", "beat")
    assert standing(office, "beat").state == "accepted"


def test_answers_name_the_text_by_its_digest_and_cannot_be_changed(office):
    version = publish(office, today(office))
    answer(office, version, "accepted")
    with tenant_transaction(office.caisse):
        given = Answer.objects.get(kind="accepted")
        text = TermsText.objects.get(version=version, language="fr")
        assert given.sha256 == text.sha256 == text.digest()
        assert AuditEntry.objects.filter(action="terms_accepted", object_id=str(version.id)).count() == 1
    with pytest.raises(ProgrammingError), tenant_transaction(office.caisse), connection.cursor() as cursor:
        cursor.execute("UPDATE core_terms_answer SET kind = 'refused'")


def test_two_administrators_at_once_accept_once(office):
    version = publish(office, today(office))
    with tenant_transaction(office.caisse):
        Membership.objects.filter(user=office.users["beat"]).update(role="administrator", themes=None)
    anne, beat = office.actor("anne"), office.actor("beat")

    def accept(actor):
        with tenant_transaction(office.caisse):
            text = TermsText.objects.get(version=version, language="fr")
            given = {"language": "fr", "sha256": text.sha256}
            answering.answer_terms(actor=actor, version=version, kind="accepted", **given)

    assert race(office.caisse, lambda: accept(anne), lambda: accept(beat)) == [None, None]
    with tenant_transaction(office.caisse):
        assert Answer.objects.filter(kind="accepted").count() == 1
        assert Answer.objects.filter(kind="acknowledged").count() == 2


def test_refusals_of_what_cannot_be(office):
    version = publish(office, today(office))
    with pytest.raises(TermsNeedAnAdministrator):
        answer(office, version, "accepted", "beat")
    with pytest.raises(TermsChanged), tenant_transaction(office.caisse):
        answering.answer_terms(actor=office.actor(), version=version, kind="accepted", language="fr", sha256="0" * 64)
    with pytest.raises(NotFound), tenant_transaction(office.caisse):
        answering.access_published(office.actor("claire"), version.id)


def test_a_refusal_is_kept_and_accepting_afterwards_works(office):
    version = publish(office, today(office))
    answer(office, version, "refused")
    assert standing(office).state == "closed"
    answer(office, version, "accepted")
    assert standing(office).state == "accepted"
    with tenant_transaction(office.caisse):
        assert [one.kind for one in answering.list_answers(office.actor())].count("refused") == 1


def test_in_the_days_of_grace_reading_works_and_sending_does_not(office):
    first = publish(office, today(office))
    answer(office, first, "accepted")
    anne = office.actor()
    with tenant_transaction(office.caisse):
        draft = mailbox.draft(anne)
    draft = mailbox.check(office, anne, draft)
    publish(office, today(office) + timedelta(days=1), grace_days=5)
    with days_later(office.caisse, 1):
        assert standing(office).state == "reading"
        with pytest.raises(TermsNotAccepted), tenant_transaction(office.caisse):
            sending.send_message(actor=anne, message=draft, revision=draft.revision, confirmed=True, language="fr")
        page = office.browser("anne").get(office.url())
        assert "/terms/" in page.content.decode()
    with days_later(office.caisse, 7):
        assert standing(office).state == "closed"
        page = office.browser("anne").get(office.url())
        assert (page.status_code, page["Location"]) == (302, office.url("terms/"))
        assert office.browser("anne").post(office.url(), headers={"HX-Request": "true"}).status_code == 403
        assert office.browser("anne").get(office.url("terms/")).status_code == 200


def test_publication_needs_every_language_a_day_and_happens_once(office, gilles):
    draft = make_draft(office, languages=("fr", "de"))
    day = today(office)

    def put(on):
        with tenant_transaction(office.caisse):
            drafting.publish_version(actor=gilles, version=draft, valid_from=on, grace_days=30, asks=True)

    with pytest.raises(TermsIncomplete, match="it, en"):
        put(day)
    make_draft(office)
    with pytest.raises(TermsDayPast):
        put(day - timedelta(days=1))
    put(day)
    with pytest.raises(TermsPublished):
        put(day + timedelta(days=2))
    with pytest.raises(TermsPublished), tenant_transaction(office.caisse):
        drafting.save_text(actor=gilles, version=draft, language="fr", values={"title": "Autre"})
    draft = make_draft(office)
    with pytest.raises(TermsDayPast):
        put(day)
    later = publish(office, day + timedelta(days=3), draft=draft)
    draft = make_draft(office)
    with pytest.raises(TermsDayTaken):
        put(day + timedelta(days=3))
    with tenant_transaction(office.caisse):
        drafting.withdraw_version(actor=gilles, version=later)
        drafting.withdraw_version(actor=gilles, version=later)
        with pytest.raises(TermsInForce):
            drafting.withdraw_version(actor=gilles, version=Version.objects.get(number=1))
    put(day + timedelta(days=3))


def test_a_draft_begins_with_the_texts_in_force_and_there_is_one(office, gilles):
    publish(office, today(office))
    with tenant_transaction(office.caisse):
        one = drafting.start_draft(actor=gilles, audience="employer")
        other = drafting.start_draft(actor=gilles, audience="employer")
        assert one.id == other.id
        assert one.texts.get(language="de").body
        assert not one.texts.get(language="de").summary


def test_everybody_concerned_is_told_once_whatever_is_killed(office, monkeypatch):
    mailbox.take_mails()
    monkeypatch.setattr(telling, "PORTION", 1)
    version = publish(office, today(office))
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        Entry.objects.filter(topic=telling.TELL).update(done_at=None)
    drain(caisse=office.caisse)
    told = [one for one in mailbox.take_mails() if "terms/" in one["text"]]
    with tenant_transaction(office.caisse):
        concerned = Membership.objects.filter(party__kind="employer", ended_at__isnull=True).count()
    assert len(told) == concerned > 1
    assert all(version.valid_from.strftime("%d.%m.%Y") in one["text"] for one in told)


def test_who_has_answered_is_not_reminded(office):
    version = publish(office, today(office), grace_days=30)
    answer(office, version, "accepted")
    drain(caisse=office.caisse)
    mailbox.take_mails()
    with days_later(office.caisse, 24):
        drain(caisse=office.caisse)
    reminded = {one["to"] for one in mailbox.take_mails()}
    assert "beat@example.ch" in reminded
    assert "anne@example.ch" not in reminded


def test_overview_counts_and_pages(office):
    version = publish(office, today(office))
    answer(office, version, "accepted")
    with tenant_transaction(office.caisse):
        counts = overview.count_answers(version)
        page = overview.list_open_companies(version, limit=1)
        rest = overview.list_open_companies(version, cursor=page.next_cursor)
        names = {one.name for one in [*page.companies, *rest.companies]}
    assert (counts.accepted, counts.acknowledged) == (1, 1)
    assert len(names) == counts.open_companies


def test_a_session_asks_once(office, database):
    version = publish(office, today(office))
    answer(office, version, "accepted")
    browser = office.browser("anne")
    assert browser.get(office.url()).status_code == 200
    assert hear_out(database.resetter.session), "the publication, which empties this process's memory"
    assert browser.get(office.url()).status_code == 200
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(office.url()).status_code == 200
    assert [one["sql"] for one in seen if "core_terms" in one["sql"]] == []


def test_other_process_hears_of_a_publication(office):
    assert memory.list_published(office.caisse) == ()
    publish(office, today(office))
    assert [one.number for one in memory.list_published(office.caisse)] == [1]


def test_a_person_finds_her_answers_in_her_own_data(office):
    version = publish(office, today(office))
    answer(office, version, "accepted")
    with tenant_transaction(office.caisse):
        own = collect_own_data(office.users["anne"])["terms"]
        assert collect_own_data(office.users["beat"])["terms"] == []
    assert sorted((one["answer"], one["version"], one["language"]) for one in own) == [
        ("accepted", 1, "fr"),
        ("acknowledged", 1, "fr"),
    ]


def test_who_does_not_accept_still_saves_her_documents_and_renounces(office):
    publish(office, today(office))
    browser, page = office.browser("anne"), office.url("company/renounce/")
    assert "company/renounce/" in browser.get(office.url("terms/")).content.decode()
    assert browser.get(page).status_code == 200
    assert browser.get(f"{page}documents.zip").status_code == 200
    assert browser.post(page, {"scope": "all", "step": "confirm"}).status_code == 302
    assert office.browser("beat").get(page).status_code == 403
    assert browser.get(office.url("company/")).status_code == 302
