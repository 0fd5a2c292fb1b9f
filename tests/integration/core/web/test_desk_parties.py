"""Parties at the desk: found by POST, shown with all that is known, at a cost that does not grow."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Party
from core.audit.models import Entry
from core.audit.services import record
from core.documents.models import Document
from core.kernel import clock
from core.kernel.identifiers import new_id, new_readable_code
from core.messaging import desk
from core.messaging.models import Message
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.people import make_mandate, make_member, make_party, make_user


@pytest.fixture
def case(office):
    with tenant_transaction(office.caisse):
        return desk.take_message(actor=office.clerk(), message=mailbox.sent(office.actor()))


@pytest.fixture
def address(office):
    return f"/clerk/parties/{office.parties['factory'].id}/"


def test_party_is_found_by_number_or_words_of_its_name(office):
    browser, factory = office.browser("elena"), office.parties["factory"]
    with tenant_transaction(office.caisse):
        make_party("Boulangerie du Lac SA", number="777777-1")  # in no number that is counted up
    for search, names in (
        ("facto", ["Factory"]), (factory.number, ["Factory"]), ("lac boul", ["Boulangerie du Lac SA"]),
        ("777777", ["Boulangerie du Lac SA"]), ("nothing", []), ("%", []),
    ):  # fmt: skip
        answer = browser.post("/clerk/parties/", {"q": search})
        assert [one.name for one, _kind in answer.context["listed"]] == names, search
    assert browser.get("/clerk/parties/", {"q": "nothing"}).context["search"] == ""  # no name in an address


def test_page_tells_users_mandates_messages_delivery_and_history(office, case, address):
    context = office.browser("elena").get(address).context
    assert {one["membership"].user.given_name for one in context["users"]} == {"Anne", "Beat", "Claire", "Dario"}
    assert [one["mandate"].acting_party.name for one in context["mandates"]] == ["Firm"]
    assert [one["message"].id for one in context["listed"]] == [case.id]
    assert "anne@example.ch" in context["told"]
    labels = [one["label"] for one in context["history"]]
    assert len(labels) >= 3
    assert not [label for label in labels if "_" in label]
    assert context["history"][0]["message_id"] == case.id
    page = office.browser("elena").get(f"/clerk/m/{case.id}/").content.decode()
    assert address in page


def test_history_and_messages_of_another_theme_are_not_shown(office, address):
    with tenant_transaction(office.caisse):
        factory = office.parties["factory"].id
        for theme in ("salary_declaration", "employees"):
            record(
                actor=office.actor(), action="message_sent", object_type="message", object_id=None,
                for_party_id=factory, data={"theme": theme},
            )  # fmt: skip
        assert Entry.objects.filter(for_party_id=factory).count() == 2
    assert len(office.browser("felix").get(address).context["history"]) == 1
    assert len(office.browser("elena").get(address).context["history"]) == 2


def test_every_action_that_is_kept_has_words(office, case, address):
    browser = office.browser("elena")
    browser.post(f"/clerk/m/{case.id}/assign/", {"colleague": str(office.users["felix"].id)})
    browser.post(f"/clerk/m/{case.id}/ask/", {"question": "Vraiment ?"})
    browser.post(f"/clerk/m/{case.id}/cancel-question/")
    browser.post(f"/clerk/m/{case.id}/decide/", {"title": "Décision", "text": "Oui."})
    browser.post(f"/clerk/m/{case.id}/close/")
    context = browser.get(address).context
    assert not [one["label"] for one in context["history"] if "_" in one["label"]]
    assert [one.title for one in context["documents"]] == ["Décision"]


@pytest.mark.usefixtures("still_clock")
def test_pages_cost_the_same_however_much_there_is(office, case, address):
    browser, costs = office.browser("elena"), []
    browser.get(address)
    for count in (1, 3, 1000):
        with tenant_transaction(office.caisse):
            values = Message.objects.filter(id=case.id).values().get()
            Message.objects.bulk_create(
                Message(**values | {"id": new_id(), "reference": new_readable_code(12)})
                for _number in range(count - Message.objects.count())
            )
            Party.objects.bulk_create(
                Party(kind="employer", name="Société", number=f"{count}-{number}", created_at=clock.now())
                for number in range(count)
            )
            for number in range(min(count, 5)):
                make_member(make_user(f"u{count}-{number}"), office.parties["factory"])
        with CaptureQueriesContext(connection) as page:
            assert len(browser.get(address).context["listed"]) == min(count, 50)
        with CaptureQueriesContext(connection) as search:
            assert browser.post("/clerk/parties/", {"q": f"{count}-"}).context["listed"]
        costs.append((len(page), len(search)))
    assert costs == [costs[0]] * 3
    assert max(costs[0]) <= 30


def test_messages_are_paged_and_exported(office, case, address):
    with tenant_transaction(office.caisse):
        values = Message.objects.filter(id=case.id).values().get()
        Message.objects.bulk_create(
            Message(**values | {"id": new_id(), "reference": new_readable_code(12)}) for _number in range(59)
        )
    browser = office.browser("elena")
    first = browser.get(address).context
    rest = browser.get(address, {"cursor": first["next_cursor"]}).context
    both = {one["message"].id for one in (*first["listed"], *rest["listed"])}
    assert (len(both), rest["next_cursor"]) == (60, None)
    book = openpyxl.load_workbook(BytesIO(browser.get(f"{address}messages.xlsx").content))
    assert book.active.max_row == 61


def test_administrator_flags_a_file_and_sees_nothing_of_it_herself(office, case, address):
    gilles, elena, felix = (office.browser(name) for name in ("gilles", "elena", "felix"))
    posted = {"clerk": [str(office.users["felix"].id)], "reason": "Parent d’une collaboratrice"}
    refused = gilles.post(f"{address}flag/", {"clerk": posted["clerk"]})
    assert (refused.status_code, refused.context["named"]) == (422, posted["clerk"])
    assert elena.post(f"{address}flag/", posted).status_code == 403
    assert gilles.post(f"{address}flag/", posted).status_code == 302
    assert elena.get(address).status_code == 404
    assert elena.get(f"{address}messages.xlsx").status_code == 404
    assert elena.get(f"/clerk/m/{case.id}/").status_code == 404
    assert felix.get(address).status_code == 200
    shown = gilles.get(address)
    assert (shown.status_code, shown.context["closed"], "history" in shown.context) == (200, True, False)
    assert gilles.post(f"{address}flag/", {"step": "open"}).status_code == 302
    assert elena.get(address).status_code == 200


def test_paper_for_a_closed_file_is_recorded_by_somebody_else(office):
    with tenant_transaction(office.caisse):
        make_member(office.users["elena"], office.parties["factory"], role="member")
    posted = {
        "number": office.parties["factory"].number, "type": mailbox.ENTRY, "channel": "letter",
        "received_on": "2026-01-05",
    }  # fmt: skip
    assert office.browser("elena").post("/clerk/record/", posted).status_code == 422
    assert office.browser("felix").post("/clerk/record/", posted).status_code == 302


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("part", ["documents", "users", "mandates", "history"])
def test_each_part_is_had_page_by_page_at_one_cost(office, case, address, part):
    browser, factory = office.browser("elena"), office.parties["factory"]
    office.browser("elena").post(f"/clerk/m/{case.id}/decide/", {"title": "Décision", "text": "Oui."})
    fill = {"documents": _add_documents, "users": _add_users, "mandates": _add_mandates, "history": _add_history}[part]
    seen, costs, after = [], [], ""
    with tenant_transaction(office.caisse):
        fill(office, factory, 120)
    while True:
        with CaptureQueriesContext(connection) as queries:
            context = browser.get(f"{address}all/{part}/", {"after": after}).context
        seen += [str(one) for one in context[part]]
        costs.append(len(queries))
        if not (after := context["after"]):
            break
    assert len(seen) >= 120
    assert len(costs) == -(-len(seen) // 50)
    assert max(costs) <= costs[0] + 1  # a cursor looks its row up
    assert len(browser.get(address).context[part]) == 10
    assert browser.get(f"{address}all/{part}/?after=x").status_code == 422
    assert browser.get(f"{address}all/nothing/").status_code == 404


def _add_documents(office, party, count):
    kept = Document.objects.filter(party_id=party.id, published_at__isnull=False).values().first()
    Document.objects.bulk_create(Document(**kept | {"id": new_id()}) for _number in range(count))


def _add_users(office, party, count):
    for number in range(count):
        make_member(make_user(f"many{number}"), party)


def _add_mandates(office, party, count):
    for number in range(count):
        make_mandate(make_party(f"Agent {number}", kind="agent"), party)


def _add_history(office, party, count):
    for _number in range(count):
        record(
            actor=office.actor(), action="message_sent", object_type="message", object_id=None, for_party_id=party.id
        )


def test_parts_of_a_closed_file_do_not_exist(office, address):
    with tenant_transaction(office.caisse):
        make_member(office.users["elena"], office.parties["factory"], role="member")
    assert office.browser("elena").get(f"{address}all/history/").status_code == 404
