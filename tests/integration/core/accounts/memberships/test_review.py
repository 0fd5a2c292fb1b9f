"""Looking again who has access: off unless the caisse asks; reminded, paused, never in the season or with a deadline."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from core.accounts.memberships import review
from core.accounts.models import Membership
from core.accounts.seats import list_seats
from core.kernel import clock
from core.messaging.models import Message
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.configuring import set_section
from tests.support.members import member_of, set_access
from tests.support.people import make_member, make_user

YEAR = datetime.now(tz=UTC).year + 1
LOOKED = date(YEAR, 5, 2)
DUE = date(YEAR + 1, 5, 2)
REVIEWED = {"review_months": 12, "remind_days": 30, "pause_days": 14}


@pytest.fixture
def looked(office):
    """Everybody was looked at on 2 May; the caisse asks for it each year and pauses a fortnight later."""
    set_access(office, **REVIEWED)
    with tenant_transaction(office.caisse):
        Membership.objects.update(confirmed_on=LOOKED)


@contextmanager
def on(day):
    with clock.travel(datetime(day.year, day.month, day.day, 10, tzinfo=UTC)):
        yield


def pass_day(office, day):
    """Do the day's work twice, as the hourly task does; return who was written to."""
    drain(caisse=office.caisse)
    mailbox.take_mails()
    with on(day):
        for _ in range(2):
            with tenant_transaction(office.caisse):
                review.look_after()
        drain(caisse=office.caisse)
    return {one["to"] for one in mailbox.take_mails()}


def paused(office):
    with tenant_transaction(office.caisse):
        rows = Membership.objects.filter(paused_at__isnull=False).select_related("user")
        return {one.user.given_name for one in rows}


def test_nothing_happens_unless_the_caisse_asks(office):
    with tenant_transaction(office.caisse):
        Membership.objects.update(confirmed_on=LOOKED)
    assert [pass_day(office, day) for day in (DUE, DUE + timedelta(900))] == [set(), set()]
    assert paused(office) == set()


def test_administrators_are_reminded_then_members_pause(office, looked):
    assert pass_day(office, DUE - timedelta(31)) == set()
    administrators = {f"{name}@example.ch" for name in ("anne", "claire", "hugo")}
    assert pass_day(office, DUE - timedelta(30)) == administrators
    assert pass_day(office, DUE - timedelta(1)) == set()
    assert pass_day(office, DUE) == administrators  # once more on the day itself
    assert pass_day(office, DUE + timedelta(14)) == set()
    assert paused(office) == set()
    assert "beat@example.ch" in pass_day(office, DUE + timedelta(15))
    assert paused(office) == {"Beat", "Dario"}  # members, and no administrator
    with on(DUE + timedelta(15)), tenant_transaction(office.caisse):
        assert list_seats(office.users["beat"].id) == ()
        assert review.confirm_members(actor=office.actor(), membership_ids=[member_of(office, "beat").id]) == 1
        assert len(list_seats(office.users["beat"].id)) == 1
    assert paused(office) == {"Dario"}


def test_who_was_confirmed_does_not_pause(office, looked):
    pass_day(office, DUE - timedelta(30))
    with on(DUE - timedelta(3)), tenant_transaction(office.caisse):
        review.confirm_members(actor=office.actor(), membership_ids=[member_of(office, "beat").id])
    pass_day(office, DUE + timedelta(15))
    assert paused(office) == {"Dario"}


def test_nobody_pauses_in_the_protected_season(office, looked):
    with tenant_transaction(office.caisse):
        set_section("deadlines", protected_from="05-01", protected_until="06-30")
    for day in (DUE + timedelta(15), date(YEAR + 1, 6, 30)):
        pass_day(office, day)
        assert paused(office) == set(), day
    pass_day(office, date(YEAR + 1, 7, 1))
    assert paused(office) == {"Beat", "Dario"}


def test_nobody_pauses_where_something_is_due(office, looked):
    late = DUE + timedelta(15)
    asked = mailbox.ask(office, due_on=late)
    pass_day(office, late)
    assert paused(office) == set()  # the factory's own people, and the fiduciary's, whose client it is
    with tenant_transaction(office.caisse):
        Message.objects.filter(id=asked.id).update(due_on=DUE)
    pass_day(office, late)
    assert paused(office) == {"Beat", "Dario"}


def test_the_last_day_is_announced_once_and_ends_the_access(office):
    set_access(office, remind_days=30)
    with tenant_transaction(office.caisse):
        Membership.objects.filter(id=member_of(office, "beat").id).update(valid_until=DUE)
    found = [pass_day(office, DUE - timedelta(days)) for days in (31, 30, 29, 0)]
    assert found == [set(), {"beat@example.ch"}, set(), set()]
    for day, seats in ((DUE, 1), (DUE + timedelta(1), 0)):
        with on(day), tenant_transaction(office.caisse):
            assert len(list_seats(office.users["beat"].id)) == seats


def test_a_new_last_day_is_announced_again(office):
    with tenant_transaction(office.caisse):
        make_member(make_user("nina"), office.parties["factory"], role="member", valid_until=DUE)
    assert pass_day(office, DUE) == {"nina@example.ch"}
    with tenant_transaction(office.caisse):
        Membership.objects.filter(user__given_name="Nina").update(valid_until=DUE + timedelta(20))
    assert pass_day(office, DUE + timedelta(1)) == {"nina@example.ch"}
