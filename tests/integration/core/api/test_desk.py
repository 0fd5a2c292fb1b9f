"""The queue by REST: filters, what is set aside, handing over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.messaging import desk_teams
from core.messaging.desk_settings import today_at_desk
from core.messaging.models import Message
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.rest import program


@pytest.fixture
def cases(office):
    """Three announcements, the last the most urgent."""
    with tenant_transaction(office.caisse):
        made = [mailbox.sent(office.actor()) for _number in range(3)]
        for days, message in zip((9, 5, -1), made, strict=True):
            Message.objects.filter(id=message.id).update(treat_by=today_at_desk() + timedelta(days=days))
        return [str(one.id) for one in made]


@pytest.fixture
def elena(office):
    return program(office, office.clerk())


def listed(caller, query=""):
    return [one["id"] for one in caller.get(f"desk/queue/?{query}").json()["messages"]]


def test_queue_is_narrowed_as_the_page_is(office, cases, elena):
    with tenant_transaction(office.caisse):
        team = desk_teams.save_team(
            actor=office.clerk("gilles"), team_id=None, name="Guichet", themes=["salary_declaration"], user_ids=[]
        )
    late, soon, later = reversed(cases)
    elena.post(f"desk/messages/{soon}/take/")
    for query, found in (
        ("", [late, soon, later]), ("due=overdue", [late]), ("due=soon", [late, soon]), ("whose=mine", [soon]),
        ("whose=nobody", [late, later]), (f"team={team.id}", []), ("team=x", []), ("state=in_treatment", [soon]),
        ("state=snoozed", []), ("state=confirm", []), ("state=done", []), ("theme=salary_declaration", []),
        ("search=nobody", [late, soon, later]),
    ):  # fmt: skip
        assert listed(elena, query) == found, query
    assert elena.get("desk/queue/?cursor=x").json()["code"] == "bad_cursor"


def test_case_is_set_aside_woken_and_handed_over(office, cases, elena):
    with tenant_transaction(office.caisse):
        until = (today_at_desk() + timedelta(days=3)).isoformat()
    place = f"desk/messages/{cases[0]}/"
    for body, code in (
        ({"until": "soon"}, "bad_date"),
        ({"until": "2020-01-01"}, "snooze_date"),
        ({}, "body_unreadable"),
    ):
        assert elena.post(f"{place}snooze/", body).json()["code"] == code
    first, again = (elena.post(f"{place}snooze/", {"until": until}, key="a") for _time in range(2))
    assert (first.json()["snoozed_until"], first.json()) == (until, again.json())
    assert listed(elena, "state=snoozed") == [cases[0]]
    assert elena.post(f"{place}wake/").json()["snoozed_until"] is None
    felix = next(one for one in elena.get("desk/colleagues/").json() if one["name"].startswith("Felix"))
    assert elena.post(f"{place}assign/", {"colleague": felix["id"]}).json()["assigned_to"] == felix["id"]
    assert elena.post(f"{place}assign/", {"colleague": "x"}).json()["code"] == "colleague_unknown"
    assert listed(program(office, office.clerk("felix")), "whose=mine") == [cases[0]]
