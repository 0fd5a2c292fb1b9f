"""What time does to mandates: off in the presets; else reminded, paused, never in the season or with a deadline."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from core.accounts.mandates import changing
from core.accounts.models import Mandate
from core.accounts.seats import list_seats
from core.accounts.upkeep import remove_expired
from core.audit.models import Entry
from core.configuration.presets import list_presets, read_preset
from core.configuration.tomlfile import parse
from core.kernel import clock
from core.messaging.models import Message
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.configuring import set_section

YEAR = datetime.now(tz=UTC).year + 1
DUE = date(YEAR + 1, 5, 2)


@pytest.fixture
def mandate(office):
    """The fiduciary's mandate for the factory, given on 2 May; the caisse has mandates confirmed each year."""
    with tenant_transaction(office.caisse):
        set_section("mandates", review=True, remind_days=30)
        found = Mandate.objects.filter(acting_party=office.parties["firm"], for_party=office.parties["factory"])
        Mandate.objects.filter(acting_party=office.parties["firm"]).exclude(id=found.get().id).delete()
        found.update(valid_from=date(YEAR, 5, 2))
        return found.get()


@contextmanager
def on(day):
    with clock.travel(datetime(day.year, day.month, day.day, 10, tzinfo=UTC)):
        yield


def pass_day(office, day):
    """Do the day's work twice, as the hourly task does, and let mails leave."""
    with on(day):
        for _ in range(2):
            with tenant_transaction(office.caisse):
                remove_expired()
        drain(caisse=office.caisse)


def count_mails():
    return sum(json.loads(one.read_text())["kind"] == "mail" for one in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json"))


def is_paused(office, mandate):
    with tenant_transaction(office.caisse):
        return Mandate.objects.get(id=mandate.id).paused_at is not None


def clients(office, day):
    with on(day), tenant_transaction(office.caisse):
        return {seat.party.name for seat in list_seats(office.users["claire"].id)}


def test_presets_ask_for_no_end_and_no_review():
    for name in list_presets():
        sections = {one.key: one for one in parse(read_preset(name))}
        mandates, access = sections.get("mandates"), sections.get("company_access")
        assert mandates is None or (mandates.longest_months, mandates.remind_ends, mandates.review) == (0, False, False)
        assert access is None or (access.longest_months, access.review_months, access.pause_days) == (None,) * 3, name


def test_without_a_review_nothing_is_said_and_nothing_pauses(office, mandate):
    with tenant_transaction(office.caisse):
        set_section("mandates", review=False)
    before = count_mails()
    for day in (DUE - timedelta(30), DUE, DUE + timedelta(900)):
        pass_day(office, day)
    assert (count_mails() - before, is_paused(office, mandate)) == (0, False)


def test_both_sides_are_reminded_once_and_what_nobody_confirms_pauses(office, mandate):
    before = count_mails()
    pass_day(office, DUE - timedelta(31))
    assert count_mails() == before
    pass_day(office, DUE - timedelta(30))
    reminded = count_mails()
    assert reminded == before + 2  # the administrators of both sides
    pass_day(office, DUE - timedelta(1))
    assert (count_mails(), is_paused(office, mandate)) == (reminded, False)
    assert "Factory" in clients(office, DUE)
    pass_day(office, DUE)
    assert is_paused(office, mandate)
    assert count_mails() == reminded + 2
    assert "Factory" not in clients(office, DUE)
    with on(DUE), tenant_transaction(office.caisse):
        assert Entry.objects.filter(action="mandate_paused", object_id=str(mandate.id)).count() == 1
        changing.confirm_mandate(actor=office.actor(), mandate_id=mandate.id)
    assert "Factory" in clients(office, DUE)
    pass_day(office, DUE + timedelta(300))
    assert not is_paused(office, mandate)


def test_confirmed_in_time_it_does_not_pause(office, mandate):
    pass_day(office, DUE - timedelta(30))
    with on(DUE - timedelta(5)), tenant_transaction(office.caisse):
        changing.confirm_mandate(actor=office.actor(), mandate_id=mandate.id)
    pass_day(office, DUE + timedelta(1))
    assert not is_paused(office, mandate)


def test_nothing_pauses_in_the_protected_season(office, mandate):
    with tenant_transaction(office.caisse):
        set_section("deadlines", protected_from="04-15", protected_until="06-30")
    for day in (DUE - timedelta(30), DUE, date(YEAR + 1, 5, 30)):
        pass_day(office, day)
        assert not is_paused(office, mandate), day
    before = count_mails()
    pass_day(office, date(YEAR + 1, 6, 30))
    assert count_mails() == before  # said once, however long the season
    pass_day(office, date(YEAR + 1, 7, 1))
    assert is_paused(office, mandate)


def test_nothing_pauses_while_a_question_is_open(office, mandate):
    asked = mailbox.ask(office, due_on=DUE + timedelta(10))
    pass_day(office, DUE - timedelta(30))
    for day in (DUE, DUE + timedelta(10)):
        pass_day(office, day)
        assert not is_paused(office, mandate), day
    with tenant_transaction(office.caisse):
        Message.objects.filter(id=asked.id).update(due_on=DUE - timedelta(1))
    pass_day(office, DUE + timedelta(11))
    assert is_paused(office, mandate)


def test_pause_put_off_by_a_long_season_is_announced_once(office, mandate):
    with tenant_transaction(office.caisse):
        set_section("mandates", review=True, remind_days=7)
        set_section("deadlines", protected_from="04-15", protected_until="09-30")
    before = count_mails()
    for day in (DUE - timedelta(7), DUE, DUE + timedelta(20), DUE + timedelta(100)):
        pass_day(office, day)
        assert (count_mails() - before, is_paused(office, mandate)) == (2, False), day
    pass_day(office, date(DUE.year, 10, 1))
    assert (count_mails() - before, is_paused(office, mandate)) == (4, True)


def test_no_end_is_announced_where_the_caisse_did_not_switch_it_on(office, mandate):
    with tenant_transaction(office.caisse):
        set_section("mandates", review=False)
        Mandate.objects.filter(id=mandate.id).update(valid_until=DUE)
    before = count_mails()
    pass_day(office, DUE - timedelta(10))
    assert count_mails() == before


@pytest.mark.parametrize("switch", [{"longest_months": 24}, {"remind_ends": True}])
def test_an_end_is_announced_once_and_then_holds(office, mandate, switch):
    with tenant_transaction(office.caisse):
        set_section("mandates", review=False, **switch)
        Mandate.objects.filter(id=mandate.id).update(valid_until=DUE)
    before = count_mails()
    for days, mails in ((31, 0), (30, 2), (10, 2), (0, 2)):
        pass_day(office, DUE - timedelta(days))
        assert count_mails() - before == mails, days
    assert "Factory" in clients(office, DUE)
    assert "Factory" not in clients(office, DUE + timedelta(1))
