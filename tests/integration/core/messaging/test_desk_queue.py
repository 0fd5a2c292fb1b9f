"""The desk's queue: order, what is set aside, teams, pages, and one step for many cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from core.audit.models import Entry
from core.configuration import services as configuring
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.messaging import desk, desk_bulk, desk_queue, desk_teams
from core.messaging.desk_queue import Filters
from core.messaging.desk_settings import DeskSection, today_at_desk
from core.messaging.errors import SnoozeDate, TransitionNotAllowed
from core.messaging.models import Event, Message
from core.messaging.selectors import BadCursor
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.days import days_later
from tests.support.mailbox import current

DAY = timedelta(days=1)


@pytest.fixture
def cases(office):
    """Five announcements at the desk, due in 5, 4, 3, 2 and 1 days."""
    anne = office.actor()
    with tenant_transaction(office.caisse):
        made = [mailbox.sent(anne) for _number in range(5)]
        for days, message in zip(range(5, 0, -1), made, strict=True):
            Message.objects.filter(id=message.id).update(treat_by=today_at_desk() + days * DAY)
        return [current(one) for one in made]


def listed(office, name="elena", **filters):
    with tenant_transaction(office.caisse):
        return [one.id for one in desk_queue.list_queue(office.clerk(name), Filters(**filters)).messages]


def test_most_urgent_comes_first_and_pages_join_without_gap(office, cases):
    wanted = [one.id for one in reversed(cases)]
    assert listed(office) == wanted
    elena, cursor, read = office.clerk(), None, []
    with tenant_transaction(office.caisse):
        Message.objects.filter(id=cases[0].id).update(treat_by=None)  # as old ones are: last
        for _page in range(3):
            page = desk_queue.list_queue(elena, Filters(), cursor=cursor, limit=2)
            read += [one.id for one in page.messages]
            cursor = page.next_cursor
    assert (read, cursor) == (wanted, None)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_cases_due_on_the_same_day_or_on_none_are_each_read_once(office, cases, count):
    elena = office.clerk()
    with tenant_transaction(office.caisse):
        for value in (None, today_at_desk()):
            Message.objects.filter(id__in=[one.id for one in cases[:count]]).update(treat_by=value)
            Message.objects.update(sent_at=clock.now())
            cursor, read = None, []
            while True:
                page = desk_queue.list_queue(elena, Filters(), cursor=cursor, limit=1)
                read += [one.id for one in page.messages]
                if (cursor := page.next_cursor) is None:
                    break
            assert sorted(read) == sorted(one.id for one in cases)


@pytest.mark.parametrize("cursor", ["x", "W10", "e30", "WzEsMiwzXQ"])
def test_damaged_cursor_is_refused(office, cursor):
    elena = office.clerk()
    with tenant_transaction(office.caisse), pytest.raises(BadCursor):
        desk_queue.list_queue(elena, Filters(), cursor=cursor)


def test_day_by_which_a_case_is_treated_follows_the_caisses_own_days(office):
    with clock.travel(datetime(2083, 1, 6, 12, tzinfo=UTC)):  # a Wednesday, far ahead of what made the caisse
        anne, gilles = office.actor(), office.clerk("gilles")
        with tenant_transaction(office.caisse):
            assert mailbox.sent(anne).treat_by == date(2083, 2, 5)
            configuring.change_sections(actor=gilles, sections=[DeskSection(treatment_days=3)])
        with tenant_transaction(office.caisse):
            assert mailbox.sent(anne).treat_by == date(2083, 1, 11)  # not on a Saturday


def test_overdue_and_soon_are_found_and_counted(office, cases):
    with tenant_transaction(office.caisse):
        Message.objects.filter(id=cases[0].id).update(treat_by=today_at_desk() - DAY)
        Message.objects.filter(id=cases[1].id).update(treat_by=today_at_desk() + 8 * DAY)
    assert listed(office, due="overdue") == [cases[0].id]
    assert cases[1].id not in listed(office, due="soon")
    assert len(listed(office, due="soon")) == 4
    with tenant_transaction(office.caisse):
        counts = desk_queue.count_queue(office.clerk())
    assert (counts.by_state["sent"], counts.overdue, counts.snoozed) == (5, 1, 0)


def test_case_set_aside_leaves_the_queue_and_comes_back_on_its_day(office, cases):
    elena, case = office.clerk(), cases[0]
    with tenant_transaction(office.caisse):
        until = today_at_desk() + 3 * DAY
        desk.snooze_message(actor=elena, message=case, until=until)
    assert case.id not in listed(office)
    assert listed(office, snoozed=True) == [case.id]
    with tenant_transaction(office.caisse):
        counts = desk_queue.count_queue(elena)
        assert (counts.by_state["sent"], counts.snoozed) == (4, 1)
        event = Event.objects.get(message=case, name="snoozed")
        assert (event.internal, event.data) == (True, {"until": until.isoformat()})
        assert Entry.objects.filter(action="message_snoozed", object_id=str(case.id)).count() == 1
    with days_later(office.caisse, 3):
        assert case.id in listed(office)
        assert listed(office, snoozed=True) == []


def test_who_takes_hands_over_or_wakes_a_case_has_it_back(office, cases):
    elena = office.clerk()
    steps = (
        lambda case: desk.wake_message(actor=elena, message=case),
        lambda case: desk.take_message(actor=elena, message=case),
        lambda case: desk.assign_message(actor=elena, message=case, user_id=elena.user_id, name=elena.name),
    )
    for step, case in zip(steps, cases, strict=False):
        with tenant_transaction(office.caisse):
            desk.snooze_message(actor=elena, message=case, until=today_at_desk() + DAY)
            step(current(case))
        assert case.id in listed(office)


@pytest.mark.parametrize("days", [None, -1, 0, 367])
def test_case_is_set_aside_for_a_day_to_come_within_a_year(office, cases, days):
    with tenant_transaction(office.caisse), pytest.raises(SnoozeDate):
        until = None if days is None else today_at_desk() + days * DAY
        desk.snooze_message(actor=office.clerk(), message=cases[0], until=until)


def test_closed_case_cannot_be_set_aside_or_handed_over(office, cases):
    elena = office.clerk()
    with tenant_transaction(office.caisse):
        closed = desk.close_message(actor=elena, message=desk.take_message(actor=elena, message=cases[0]))
    for step in (
        lambda: desk.snooze_message(actor=elena, message=closed, until=today_at_desk() + DAY),
        lambda: desk.assign_message(actor=elena, message=closed, user_id=elena.user_id, name=elena.name),
    ):
        with tenant_transaction(office.caisse), pytest.raises(TransitionNotAllowed):
            step()


def test_teams_queue_is_what_lies_with_nobody_in_its_themes_or_with_its_members(office, cases):
    elena, felix, gilles = (office.clerk(name) for name in ("elena", "felix", "gilles"))
    with tenant_transaction(office.caisse):
        own = desk_teams.save_team(
            actor=gilles, team_id=None, name="Annonces", themes=["employees"], user_ids=[felix.user_id]
        )
        wages = desk_teams.save_team(
            actor=gilles, team_id=None, name="Salaires", themes=["salary_declaration"], user_ids=[elena.user_id]
        )
        everything = desk_teams.save_team(actor=gilles, team_id=None, name="Tous", themes=[], user_ids=[])
        desk.assign_message(actor=elena, message=cases[0], user_id=felix.user_id, name=felix.name)
        desk.assign_message(actor=elena, message=cases[1], user_id=elena.user_id, name=elena.name)
    assert set(listed(office, team_id=own.id)) == {one.id for one in cases} - {cases[1].id}
    assert listed(office, team_id=wages.id) == [cases[1].id]
    assert set(listed(office, team_id=everything.id)) == {one.id for one in cases[2:]}
    with tenant_transaction(office.caisse):
        desk_teams.remove_team(actor=gilles, team_id=own.id)
    assert listed(office, team_id=own.id) == []


def test_teams_are_kept_by_administrators_under_names_of_their_own(office):
    elena, gilles = office.clerk(), office.clerk("gilles")
    values = {"themes": [], "user_ids": [elena.user_id, office.users["anne"].id]}
    with tenant_transaction(office.caisse):
        team = desk_teams.save_team(actor=gilles, team_id=None, name=" Guichet ", **values)
        assert [one.user_id for one in team.members.all()] == [elena.user_id]  # Anne does not work here
    for actor, team_id, name, refusal in (
        (gilles, None, "Guichet", desk_teams.TeamNameTaken),
        (gilles, None, "  ", desk_teams.TeamNameMissing),
        (gilles, None, "x" * 81, desk_teams.TeamNameMissing),
        (elena, team.id, "Guichet", NotPermitted),
    ):
        with tenant_transaction(office.caisse), pytest.raises(refusal):
            desk_teams.save_team(actor=actor, team_id=team_id, name=name, **values)
    with tenant_transaction(office.caisse):
        desk_teams.save_team(actor=gilles, team_id=team.id, name="Guichet 2", themes=["employees"], user_ids=[])
        assert [(one.name, one.themes, one.members.count()) for one in desk_queue.list_teams()] == [
            ("Guichet 2", ["employees"], 0)
        ]
        with pytest.raises(NotPermitted):
            desk_teams.remove_team(actor=elena, team_id=team.id)


def test_one_step_for_many_tells_what_went_and_what_did_not(office, cases):
    felix = office.clerk("felix")
    with tenant_transaction(office.caisse):
        desk.take_message(actor=office.clerk(), message=cases[0])
        wages = mailbox.draft(office.actor(), mailbox.SALARY)
    wanted = [cases[0].id, cases[1].id, cases[1].id, wages.id, cases[2].id]
    outcome = desk_bulk.apply_to_many(
        caisse=office.caisse, actor=felix, message_ids=wanted,
        step=lambda found: desk.take_message(actor=felix, message=found),
    )  # fmt: skip
    assert [one.id for one in outcome.went] == [cases[1].id, cases[2].id]
    assert [(one and one.id, error.code) for one, error in outcome.refused] == [
        (cases[0].id, "transition_not_allowed"),
        (None, "not_found"),
    ]
    with tenant_transaction(office.caisse):
        held = Message.objects.filter(assigned_to=felix.user_id)
        assert set(held.values_list("id", flat=True)) == {cases[1].id, cases[2].id}


@pytest.mark.parametrize(("count", "refusal"), [(0, desk_bulk.NothingChosen), (201, desk_bulk.TooManyChosen)])
def test_none_or_too_many_are_refused_before_anything_is_done(office, cases, count, refusal):
    chosen = [cases[0].id, *(uuid4() for _one in range(count - 1))] if count else []
    with pytest.raises(refusal):
        desk_bulk.apply_to_many(
            caisse=office.caisse, actor=office.clerk(), message_ids=chosen,
            step=lambda found: desk.take_message(actor=office.clerk(), message=found),
        )  # fmt: skip
    with tenant_transaction(office.caisse):
        assert current(cases[0]).state == "sent"
