"""The search's page and call, and lists whose search stands in no address: the queue's and the boxes'."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel.identifiers import new_id, new_readable_code
from core.messaging.models import Message, SearchText
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.people import make_party
from tests.support.rest import program


@pytest.fixture
def case(office):
    with tenant_transaction(office.caisse):
        return mailbox.sent(office.actor(), last_name="Müller", first_name="<b>Éloïse</b>")


def multiply(office, case, count):
    """Let a message be there so many times, each with its text."""
    with tenant_transaction(office.caisse):
        values = Message.objects.filter(id=case.id).values().get()
        text = SearchText.objects.filter(message=case).values("part", "text", "document").get()
        made = Message.objects.bulk_create(
            Message(**values | {"id": new_id(), "reference": new_readable_code(12)})
            for _number in range(count - Message.objects.count())
        )
        SearchText.objects.bulk_create(SearchText(**text, message=one) for one in made)


def test_found_words_are_marked_and_nothing_of_a_text_becomes_markup(office, case):
    page = office.browser("elena").post("/clerk/search/", {"q": "muller"}).content.decode()
    assert "<mark>Müller</mark>" in page
    assert "&lt;b&gt;Éloïse&lt;/b&gt;" in page
    assert "<b>É" not in page
    assert "<script>" not in office.browser("elena").post("/clerk/search/", {"q": "<script>"}).content.decode()


def test_page_says_what_to_do_before_and_when_nothing_is_found(office, case):
    browser = office.browser("elena")
    assert browser.get("/clerk/search/?q=muller").context["listed"] == []  # an address searches nothing
    answer = browser.post("/clerk/search/", {"q": "introuvable"}, headers={"accept-language": "en"})
    assert "Nothing found" in answer.content.decode()


def test_parties_come_first_and_lead_to_all_of_them(office, case):
    with tenant_transaction(office.caisse):
        for number in range(60):
            make_party(f"Factory {number:02}", number=f"F-{number}")
    browser = office.browser("elena")
    context = browser.post("/clerk/search/", {"q": "factory"}).context
    assert (len(context["parties"]), context["more_parties"]) == (5, True)
    first = browser.post("/clerk/parties/", {"q": "factory"}).context
    rest = browser.post("/clerk/parties/", {"q": "factory", "cursor": first["next_cursor"]}).context
    assert [len(first["listed"]), len(rest["listed"]), rest["next_cursor"]] == [50, 11, ""]
    book = openpyxl.load_workbook(BytesIO(browser.post("/clerk/parties/export.xlsx", {"q": "factory"}).content))
    assert book.active.max_row == 62


@pytest.mark.usefixtures("still_clock")
def test_search_costs_the_same_and_is_paged_and_exported(office, case):
    browser, costs = office.browser("elena"), []
    browser.post("/clerk/search/", {"q": "muller"})
    for count in (1, 3, 1000):
        multiply(office, case, count)
        with CaptureQueriesContext(connection) as queries:
            first = browser.post("/clerk/search/", {"q": "muller"}).context
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
    assert costs[0] <= 25
    rest = browser.post("/clerk/search/", {"q": "muller", "cursor": first["next_cursor"]}).context
    assert not {one["message"].id for one in first["listed"]} & {one["message"].id for one in rest["listed"]}
    book = openpyxl.load_workbook(BytesIO(browser.post("/clerk/search/export.xlsx", {"q": "muller"}).content))
    assert book.active.max_row == 1001


def test_rest_finds_the_same(office, case):
    felix = program(office, office.clerk("felix"))
    answer = felix.post("desk/search/", {"text": "muller factory"}).json()
    assert [one["id"] for one in answer["messages"]] == [str(case.id)]
    assert "Müller" in answer["messages"][0]["place"]
    assert (answer["parties"], answer["next"]) == ([], None)
    assert [one["name"] for one in felix.post("desk/search/", {"text": "factory"}).json()["parties"]] == ["Factory"]
    assert felix.post("desk/search/", {"text": "x", "cursor": "é"}).json()["code"] == "bad_cursor"
    assert felix.post("desk/search/", {}).json()["code"] == "body_unreadable"


def test_queue_searches_by_post_and_keeps_its_filters(office, case):
    browser = office.browser("elena")
    assert len(browser.get("/clerk/?q=nobody").context["listed"]) == 1  # what an address asks for is not heard
    multiply(office, case, 60)
    first = browser.post("/clerk/", {"q": "factory", "state": "sent", "theme": "employees"})
    assert (first.status_code, len(first.context["listed"]), first.context["next_url"]) == (200, 50, "")
    posted = {"q": "factory", "state": "sent", "cursor": first.context["next_cursor"]}
    assert len(browser.post("/clerk/", posted).context["listed"]) == 10
    assert browser.post("/clerk/", {"q": "nobody"}).context["listed"] == []
    plain = browser.post("/clerk/", {"q": "", "theme": "employees"})
    assert (plain.status_code, plain["Location"]) == (302, "/clerk/?state=&theme=employees&due=&whose=")
    book = openpyxl.load_workbook(BytesIO(browser.post("/clerk/export.xlsx", {"q": "nobody"}).content))
    assert book.active.max_row <= 2


def test_queue_is_found_again_as_it_was_narrowed_last(office, case):
    browser = office.browser("elena")
    browser.post("/clerk/", {"theme": "salary_declaration", "whose": "mine"})
    again = browser.get("/clerk/")
    assert (again.context["listed"], again.context["recalled"]) == ([], True)
    assert again.context["filters"]["whose"] == "mine"
    assert browser.get("/clerk/?state=sent").context["recalled"] is True
    assert browser.get("/clerk/?whose=").context["recalled"] is False  # what an address says counts
    assert office.browser("felix").get("/clerk/").context["recalled"] is False
    browser.post("/clerk/", {"q": "geheim", "theme": "", "due": "", "whose": str(case.id)})
    assert browser.get("/clerk/").context["recalled"] is False  # a team that is no more is not asked for
    browser.post("/clerk/", {})
    assert browser.get("/clerk/").context["recalled"] is False


def test_all_that_fit_go_at_once_up_to_a_bound(office, case):
    browser = office.browser("elena")
    multiply(office, case, 60)
    context = browser.get("/clerk/").context
    assert (context["fitting"], context["all_at_once"]) == (60, 60)
    page = [str(one["message"].id) for one in context["listed"]]
    went = browser.post("/clerk/many/", {"which": "page", "listed": page, "step": "take"}).context["went"]
    assert len(went) == 50
    answer = browser.post("/clerk/many/", {"which": "fitting", "state": "sent", "step": "take"})
    assert (len(answer.context["went"]), answer.context["refused"]) == (10, [])
    multiply(office, case, 261)
    context = browser.get("/clerk/").context
    assert (context["fitting"], context["all_at_once"]) == (261, 0)
    refused = browser.post("/clerk/many/", {"which": "fitting", "step": "take", "q": "factory"})
    assert (refused.status_code, refused.context["filters"]["q"]) == (422, "factory")


def test_box_searches_by_post(office, case):
    browser, box = office.browser("anne"), office.url("sent/")
    assert len(browser.get(f"{box}?q=nobody").context["listed"]) == 1
    assert browser.post(box, {"q": "nobody"}).context["listed"] == []
    with tenant_transaction(office.caisse):
        reference = Message.objects.get(id=case.id).reference
    multiply(office, case, 60)
    assert len(browser.post(box, {"q": reference}).context["listed"]) == 1
    found = browser.post(box, {"q": "factory", "type": mailbox.ENTRY}).context
    assert (len(found["listed"]), found["next_url"]) == (50, "")
    rest = browser.post(box, {"q": "factory", "type": mailbox.ENTRY, "cursor": found["next_cursor"]}).context
    assert len(rest["listed"]) == 10
    assert browser.post(box, {"type": mailbox.ENTRY})["Location"] == f"{box}?type={mailbox.ENTRY}"
    book = openpyxl.load_workbook(BytesIO(browser.post(f"{box}export.xlsx", {"q": reference}).content))
    assert book.active.max_row == 2
