"""Search at the desk: what is found by which words, by whom, page by page, and on what index."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Party
from core.kernel import clock
from core.kernel.identifiers import new_id, new_readable_code
from core.messaging import desk, desk_indexing, desk_search, drafts
from core.messaging.desk_guards import flag_party
from core.messaging.models import Message, SearchText
from core.messaging.selectors import BadCursor
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import current
from tests.support.people import make_member, make_party


@pytest.fixture
def case(office):
    with tenant_transaction(office.caisse):
        made = mailbox.sent(office.actor(), last_name="Müller-Bühlmann", first_name="Éloïse")
        # One drawn at random may begin with an A or with 12, which hostile words here look for.
        Message.objects.filter(id=made.id).update(reference="X7KQ9WYZ")
        desk_indexing.index_message(made.id)
        return current(made)


def found(office, text, name="elena", **asked):
    with tenant_transaction(office.caisse):
        return [one.id for one in desk_search.search_messages(office.clerk(name), text, **asked).messages]


def parties(office, text, name="elena"):
    with tenant_transaction(office.caisse):
        return [one.name for one in desk_search.search_parties(office.clerk(name), text).parties]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Müller", True), ("muller", True), ("Mueller", True), ("MÜLL", True), ("Bühlmann", True), ("eloise", True),
        ("Müller-Bühlmann", True), ("buehl", True), ("eloise factory", True), ("factory 756.9217", True),
        ("756.9217.0769.85", True), ("7569217076985", True), ("9217 Müller", True),
        ("Eloise Dupont", False), ("uller", False), ("", False), ("%", False), ("'", False), ("a' | 'b", False),
        ("!", False), ("& | !(", False), ("\\", False), ("½", False), ("x" * 5000, False), ("<->", False),
    ],
)  # fmt: skip
def test_words_find_whatever_accents_case_and_signs(office, case, text, is_found):
    assert found(office, text) == [case.id][: int(is_found)]


def test_reference_question_reason_and_decision_are_found_as_they_come(office, case):
    elena = office.clerk()
    with tenant_transaction(office.caisse):
        reference = current(case).reference
    assert found(office, f"{reference[:4]}-{reference[4:]}".lower()) == [case.id]
    with tenant_transaction(office.caisse):
        desk.take_message(actor=elena, message=case)
        asked = desk.ask_back(actor=elena, message=current(case), question="Depuis quand à Sâles ?")
    assert set(found(office, "sales")) == {case.id, asked.id}
    with tenant_transaction(office.caisse):
        desk.cancel_question(actor=elena, message=current(case))
        desk.refuse_message(actor=elena, message=current(case), reason="Außerhalb der Frist")
    assert found(office, "ausserhalb frist") == [case.id]


def test_internal_notes_and_what_the_party_still_writes_are_not_found(office, case):
    elena, anne = office.clerk(), office.actor()
    with tenant_transaction(office.caisse):
        desk.take_message(actor=elena, message=case)
        desk.assign_message(actor=elena, message=case, user_id=elena.user_id, name="Zwischenablage")
        request = desk.ask_back(actor=elena, message=current(case), question="Depuis quand ?")
        drafts.save_draft(actor=anne, message=request, revision=request.revision, payload={"last_name": "Unfertig"})
        draft = mailbox.draft(anne, last_name="Entwurf")
        desk_indexing.index_message(request.id)
        desk_indexing.index_message(draft.id)
    assert found(office, "Zwischenablage") == found(office, "Unfertig") == found(office, "Entwurf") == []
    assert request.id in found(office, "depuis quand")


def test_own_flagged_and_foreign_themes_are_never_found(office, case):
    with tenant_transaction(office.caisse):
        draft = mailbox.draft(office.actor(), mailbox.SALARY)
        Message.objects.filter(id=draft.id).update(state="sent", sent_at=clock.now(), question="Aiguille")
        desk_indexing.index_message(draft.id)
    assert (found(office, "aiguille"), found(office, "aiguille", "felix")) == ([draft.id], [])
    assert (found(office, "eloise", "felix"), parties(office, "factory", "felix")) == ([case.id], ["Factory"])
    with tenant_transaction(office.caisse):
        make_member(office.users["felix"], office.parties["factory"], role="member")
    assert (found(office, "eloise", "felix"), parties(office, "factory", "felix")) == ([], [])
    with tenant_transaction(office.caisse):
        flag_party(
            actor=office.clerk("gilles"), party_id=case.party_id, clerks=[office.users["greta"].id], reason="Parent"
        )
    assert (found(office, "eloise"), parties(office, "factory")) == ([], [])
    assert (found(office, "eloise", "greta"), parties(office, "factory", "greta")) == ([case.id], ["Factory"])


def test_people_of_a_list_are_found_once_it_was_sent(office):
    anne = office.actor()
    with tenant_transaction(office.caisse):
        draft = drafts.start_draft(actor=anne, message_type=mailbox.type_of(mailbox.SALARY), party_id=anne.party_id)
    wages = [mailbox.WAGE | {"first_name": f"Nina{number}"} for number in range(3)]
    ready = mailbox.fill_salary(office, anne, draft, *wages)
    assert found(office, "nina2 exemple") == []
    with tenant_transaction(office.caisse):
        mailbox.sending.send_message(actor=anne, message=ready, revision=ready.revision, confirmed=True, language="fr")
    drain(caisse=office.caisse)
    drain(caisse=office.caisse)
    assert found(office, "nina2 factory 2025") == [ready.id]
    with tenant_transaction(office.caisse):
        pieces = desk_search.explain_hits([ready], "nina2")[ready.id]
        assert SearchText.objects.filter(message=ready).count() == 2
    assert [one.text for one in pieces if one.is_hit] == ["Nina2"]


def test_what_was_there_before_the_search_is_filled_in_by_the_migration(office, case):
    filling = import_module("core.messaging.migrations.0009_fill_search")
    with tenant_transaction(office.caisse):
        before = list(SearchText.objects.values("message_id", "part", "text", "document"))
        SearchText.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(filling.FILL)
            cursor.execute(filling.LISTS)
        assert list(SearchText.objects.values("message_id", "part", "text", "document")) == before


def test_a_discarded_message_leaves_nothing_behind(office):
    anne = office.actor()
    with tenant_transaction(office.caisse):
        drafts.discard_draft(actor=anne, message=mailbox.draft(anne))
        assert not SearchText.objects.exists()


def test_parties_are_found_by_parts_of_words_whatever_accents(office):
    with tenant_transaction(office.caisse):
        made = make_party("Großbäckerei Crème & Œuf SA", number="qx7-1")
        Party.objects.filter(id=made.id).update(town="Môtier")
    for text in ("grossbackerei", "bäckerei", "CREME oeuf", "qx7-1", "x7", "motier", "Œuf", "crème sa"):
        assert parties(office, text) == ["Großbäckerei Crème & Œuf SA"], text
    assert parties(office, "bäckerei factory") == parties(office, "%") == parties(office, "_") == []
    assert len(parties(office, "")) == 5


def test_pages_join_without_gap(office, case):
    multiply(office, case, 7)
    elena, cursor, read, names, place = office.clerk(), None, [], [], None
    with tenant_transaction(office.caisse):
        while True:
            page = desk_search.search_messages(elena, "eloise", cursor=cursor, limit=3)
            read += [one.id for one in page.messages]
            if (cursor := page.next_cursor) is None:
                break
        while True:
            listed = desk_search.search_parties(elena, "", cursor=place, limit=1)
            names += [one.name for one in listed.parties]
            if (place := listed.next_cursor) is None:
                break
        assert (len(read), len(set(read))) == (7, 7)
        assert names == sorted(one.name for one in office.parties.values())
        for damaged in ("x", "W10", "e30"):
            with pytest.raises(BadCursor):
                desk_search.search_parties(elena, "", cursor=damaged)


def multiply(office, case, count, step=1):
    """Let so many messages be there, all with the same words, and one party for each."""
    with tenant_transaction(office.caisse):
        values = Message.objects.filter(id=case.id).values().get()
        text = SearchText.objects.filter(message=case).values("part", "text", "document").get()
        made = Message.objects.bulk_create(
            Message(**values | {"id": new_id(), "reference": new_readable_code(12)}) for _one in range(count - 1)
        )
        SearchText.objects.bulk_create(SearchText(**text, message=one) for one in made)


def test_each_search_costs_the_same_and_goes_by_its_index(office, case, database):
    elena, costs = office.clerk(), []
    for count in (1, 3, 1000):
        with tenant_transaction(office.caisse):
            SearchText.objects.all().delete()
            Message.objects.exclude(id=case.id).delete() if count == 1 else None
            desk_indexing.index_message(case.id)
            desk_indexing.index_message(case.id)  # twice is once
        multiply(office, case, count - (0 if count == 1 else 1))
        with tenant_transaction(office.caisse), CaptureQueriesContext(connection) as queries:
            page = desk_search.search_messages(elena, "eloise muller")
            desk_search.explain_hits(page.messages, "eloise")
            desk_search.search_parties(elena, "factory")
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
    needle = fill_with_others(office, database)
    with tenant_transaction(office.caisse):
        with CaptureQueriesContext(connection) as queries:
            assert [one.id for one in desk_search.search_messages(elena, "aiguille").messages] == [needle]
            desk_search.search_parties(elena, "societe 1234")
        plans = [explain(one["sql"]) for one in queries.captured_queries]
    assert "search_document" in plans[0], plans[0]
    assert "party_folded" in plans[1]


def fill_with_others(office, database):
    """Add some thousand texts and parties; return the message that alone has the word wanted."""
    with tenant_transaction(office.caisse):
        ids = list(Message.objects.values_list("id", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_messaging_searchtext (message_id, part, text, document) SELECT id, n, 'x', "
                "to_tsvector('simple', 'mot' || n || ' autre' || reference) "
                "FROM core_messaging_message, generate_series(1, 20) n"
            )
            cursor.execute(
                "UPDATE core_messaging_searchtext SET document = to_tsvector('simple', 'aiguille') "
                "WHERE message_id = %s AND part = 0",
                [ids[-1]],
            )
        Party.objects.bulk_create(
            Party(kind="employer", name=f"Société {number}", number=f"N{number}", created_at=clock.now())
            for number in range(5000)
        )
    with database.worker.connect() as admin:
        admin.execute("ANALYZE")
    return ids[-1]


def explain(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())
