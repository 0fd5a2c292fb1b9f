"""The queue's page: filters, the same number of queries however much waits, many cases at once, teams."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel.identifiers import new_id, new_readable_code
from core.messaging import desk, desk_replies, desk_teams
from core.messaging.desk_settings import today_at_desk
from core.messaging.models import Message
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import current

MOST_QUERIES = 25


@pytest.fixture
def case(office):
    anne = office.actor()
    with tenant_transaction(office.caisse):
        return mailbox.sent(anne)


def multiply(office, message, count):
    """Let a case stand in the queue so many times."""
    with tenant_transaction(office.caisse):
        values = Message.objects.filter(id=message.id).values().get()
        Message.objects.bulk_create(
            Message(**values | {"id": new_id(), "reference": new_readable_code(12)})
            for _number in range(count - Message.objects.count())
        )


def shown(answer):
    return [one["message"].id for one in answer.context["listed"]]


@pytest.mark.usefixtures("still_clock")
def test_queue_costs_the_same_however_much_waits(office, case):
    browser, costs = office.browser("elena"), []
    browser.get("/clerk/")
    for count in (1, 3, 1000):
        multiply(office, case, count)
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get("/clerk/")
        assert len(shown(answer)) == min(count, 50)
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
    assert costs[0] <= MOST_QUERIES


def test_queue_is_narrowed_by_due_day_hands_team_and_state(office, case):
    browser, elena, gilles = office.browser("elena"), office.clerk(), office.clerk("gilles")
    with tenant_transaction(office.caisse):
        Message.objects.filter(id=case.id).update(treat_by=today_at_desk() - timedelta(days=1))
        team = desk_teams.save_team(
            actor=gilles, team_id=None, name="Guichet", themes=["salary_declaration"], user_ids=[]
        )
    for query, found in (
        ("due=overdue", True), ("whose=nobody", True), ("whose=mine", False), (f"whose={team.id}", False),
        ("theme=employees", True), ("theme=salary_declaration", False), ("state=sent", True),
        ("state=snoozed", False), ("state=queried", False), ("state=done", False), ("q=factory", True),
    ):  # fmt: skip
        assert shown(browser.get(f"/clerk/?{query}")) == [case.id][: int(found)], query
    assert "Overdue" in browser.get("/clerk/", headers={"accept-language": "en"}).content.decode()
    with tenant_transaction(office.caisse):
        desk.close_message(actor=elena, message=desk.take_message(actor=elena, message=current(case)))
    assert shown(browser.get("/clerk/")) == []
    assert shown(browser.get("/clerk/?state=done")) == [case.id]


def test_workbook_holds_what_the_page_lists(office, case):
    multiply(office, case, 60)
    book = openpyxl.load_workbook(BytesIO(office.browser("elena").get("/clerk/export.xlsx?state=sent").content))
    assert book.active.max_row == 61


def test_ticked_cases_are_set_aside_handed_over_and_taken(office, case):
    browser, other = office.browser("elena"), None
    with tenant_transaction(office.caisse):
        other = mailbox.sent(office.actor())
        until = today_at_desk() + timedelta(days=2)
    both = [str(case.id), str(other.id)]
    answer = browser.post("/clerk/many/", {"case": both, "step": "snooze", "until": until.isoformat()})
    assert [one["message"].id for one in answer.context["went"]] == [case.id, other.id]
    assert shown(browser.get("/clerk/")) == []
    assert set(shown(browser.get("/clerk/?state=snoozed"))) == {case.id, other.id}
    felix = str(office.users["felix"].id)
    browser.post("/clerk/many/", {"case": both[:1], "step": "assign", "colleague": felix})
    answer = browser.post("/clerk/many/", {"case": [*both, "nonsense"], "step": "take"})
    assert len(answer.context["went"]) == 2
    again = browser.post("/clerk/many/", {"case": both, "step": "take"})
    assert (again.context["went"], len(again.context["refused"])) == ([], 2)
    with tenant_transaction(office.caisse):
        assert {one.state for one in Message.objects.all()} == {"in_treatment"}


@pytest.mark.parametrize(
    "posted",
    [{"step": "take"}, {"step": "", "case": True}, {"step": "assign", "colleague": "nobody", "case": True}],
)
def test_incomplete_order_is_refused_on_the_queues_page(office, case, posted):
    posted = posted | ({"case": [str(case.id)]} if "case" in posted else {})
    answer = office.browser("elena").post("/clerk/many/", posted)
    assert (answer.status_code, bool(answer.context["refusal"]), shown(answer)) == (422, True, [case.id])


def test_bad_day_is_told_for_each_case(office, case):
    answer = office.browser("elena").post("/clerk/many/", {"case": [str(case.id)], "step": "snooze", "until": "soon"})
    assert [one["message"].id for one, _reason in answer.context["refused"]] == [case.id]


def test_case_is_set_aside_and_woken_on_its_own_page(office, case):
    browser = office.browser("elena")
    address = f"/clerk/m/{case.id}/"
    assert browser.post(f"{address}snooze/", {"until": "2001-01-01"}).status_code == 422
    with tenant_transaction(office.caisse):
        tomorrow = today_at_desk() + timedelta(days=1)
    assert browser.post(f"{address}snooze/", {"until": tomorrow.isoformat()}).status_code == 302
    assert browser.get(address).context["is_snoozed"]
    assert browser.post(f"{address}wake/").status_code == 302
    assert not browser.get(address).context["is_snoozed"]


def test_auditor_ticks_nothing(office, case):
    browser = office.browser("greta")
    assert not browser.get("/clerk/").context["may_change"]
    answer = browser.post("/clerk/many/", {"case": [str(case.id)], "step": "take"})
    assert [error for _one, error in answer.context["refused"]]
    with tenant_transaction(office.caisse):
        assert current(case).state == "sent"


def test_administrator_keeps_the_teams_that_clerks_see(office):
    gilles, elena = office.browser("gilles"), office.browser("elena")
    felix = str(office.users["felix"].id)
    posted = {"name": "Guichet", "member": [felix, "x"], "theme": ["employees", "unknown"]}
    assert gilles.post("/clerk/teams/save/", posted).status_code == 302
    assert gilles.post("/clerk/teams/save/", posted).status_code == 409
    assert gilles.post("/clerk/teams/save/", {"name": ""}).status_code == 422
    assert elena.post("/clerk/teams/save/", posted).status_code == 403
    (line,) = elena.get("/clerk/teams/").context["teams"]
    assert (line["member_ids"], line["theme_slugs"]) == ([felix], ["employees"])
    gilles.post("/clerk/teams/save/", {"team": str(line["team"].id), "name": "Guichet 2"})
    (line,) = elena.get("/clerk/teams/").context["teams"]
    assert (line["team"].name, line["member_ids"], line["theme_slugs"]) == ("Guichet 2", [], [])
    gilles.post(f"/clerk/teams/{line['team'].id}/remove/")
    assert elena.get("/clerk/teams/").context["teams"] == []


def test_teams_and_reply_texts_are_had_as_workbooks(office):
    gilles, elena = office.clerk("gilles"), office.clerk()
    with tenant_transaction(office.caisse):
        desk_teams.save_team(actor=gilles, team_id=None, name="=Guichet", themes=[], user_ids=[elena.user_id])
        desk_replies.save_reply(
            actor=elena, reply_id=None, theme="employees", language="fr", title="Rappel", text="Merci {party}."
        )
    browser = office.browser("elena")
    for path, cells in (("teams/export.xlsx", ["=Guichet", elena.name]), ("replies/export.xlsx", ["Rappel"])):
        book = openpyxl.load_workbook(BytesIO(browser.get(f"/clerk/{path}").content))
        row = [cell.value for cell in book.active[2]]
        assert row[: len(cells)] == cells
        assert all(cell.data_type == "s" for cell in book.active[2])
