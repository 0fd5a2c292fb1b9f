"""The years of an agreement: begun by the acceptance, announced, renewed once, ended where somebody left in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, connection

from core.accounts.affiliation import services
from core.accounts.affiliation.carrying_out import carry_out_endings
from core.accounts.models import Party
from core.accounts.policy import caisse_today
from core.accounts.tasks import upkeep
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.identifiers import new_id
from core.kernel.periods import add_months
from core.outbox.services import drain
from core.terms import renewing
from core.terms.agreements import find_agreement
from core.terms.models import AgreementStep, Answer
from core.terms.renewing import keep_agreements
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.configuring import set_section
from tests.support.people import make_party
from tests.support.racing import race
from tests.support.terms import answer, publish

NOW = datetime(2030, 3, 10, 9, tzinfo=ZoneInfo("Europe/Zurich"))
LAST = date(2031, 3, 9)


@pytest.fixture
def at(office, monkeypatch):
    """Return a function that makes it another day, lets the hourly work be done and returns what is new."""

    def go(day, hour=9):
        monkeypatch.setattr(clock, "now", lambda: datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo))
        with tenant_transaction(office.caisse):
            keep_agreements()
        with tenant_transaction(office.caisse):
            carry_out_endings()
        return steps(office)

    monkeypatch.setattr(clock, "now", lambda: NOW)
    with tenant_transaction(office.caisse):
        set_section("terms", renews_yearly=True)
    return go


def steps(office):
    with tenant_transaction(office.caisse):
        own = AgreementStep.objects.filter(party=office.parties["factory"]).order_by("number")
        return [(one.kind, one.first_day, one.last_day, one.reason) for one in own]


def accepted(office):
    version = publish(office, caisse_today(office.caisse))
    answer(office, version, "accepted")
    return version


def mails(office):
    drain(caisse=office.caisse)
    return mailbox.take_mails()


BEGUN = ("begun", NOW.date(), LAST, "")
ANNOUNCED = ("announced", NOW.date(), LAST, "")
RENEWED = ("renewed", date(2031, 3, 10), date(2032, 3, 9), "")


def test_a_year_begins_with_the_acceptance_is_announced_and_renewed_once(office, at):
    accepted(office)
    assert steps(office) == [BEGUN]
    assert at(date(2031, 2, 6)) == [BEGUN]
    mails(office)
    assert at(date(2031, 2, 7)) == [BEGUN, ANNOUNCED]
    told = mails(office)
    assert {one["to"] for one in told} == {office.users["anne"].contact_email}
    assert "09.03.2031" in told[0]["text"]
    assert "10.03.2031" in told[0]["text"]
    assert at(LAST, 23) == [BEGUN, ANNOUNCED]
    assert at(date(2031, 3, 10), 0) == [BEGUN, ANNOUNCED, RENEWED]
    assert at(date(2031, 3, 10), 1) == [BEGUN, ANNOUNCED, RENEWED]
    with tenant_transaction(office.caisse):
        said = Entry.objects.filter(action__startswith="agreement_", for_party_id=office.parties["factory"].id)
        assert said.count() == 3
    with pytest.raises(ProgrammingError), tenant_transaction(office.caisse), connection.cursor() as cursor:
        cursor.execute("UPDATE core_terms_agreementstep SET kind = 'ended'")


def test_two_runs_at_once_renew_once(office, at, monkeypatch):
    accepted(office)
    at(date(2031, 2, 7))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=365))

    def run():
        with tenant_transaction(office.caisse):
            return keep_agreements()

    assert sorted(race(office.caisse, run, run)) == [0, 1]
    assert steps(office) == [BEGUN, ANNOUNCED, RENEWED]


def test_the_hourly_task_does_it_and_without_the_setting_nothing_is_written(office, at):
    with tenant_transaction(office.caisse):
        set_section("terms", renews_yearly=False)
    accepted(office)
    upkeep()
    assert steps(office) == []
    with tenant_transaction(office.caisse):
        set_section("terms", renews_yearly=True)
    upkeep()
    assert steps(office) == [BEGUN]


def test_who_turns_years_on_later_counts_from_the_acceptance(office, at):
    with tenant_transaction(office.caisse):
        set_section("terms", renews_yearly=False)
    accepted(office)
    at(date(2032, 5, 1))
    with tenant_transaction(office.caisse):
        set_section("terms", renews_yearly=True)
    assert at(date(2032, 5, 1)) == [("begun", date(2032, 3, 10), date(2033, 3, 9), "")]


def test_a_renunciation_in_time_ends_with_the_year_and_nothing_is_renewed(office, at):
    accepted(office)
    with tenant_transaction(office.caisse):
        set_section("ending", renunciation="within_a_month", renunciation_read_only_months=0)
    at(date(2031, 2, 25))
    with tenant_transaction(office.caisse):
        made = services.renounce(actor=office.actor(), themes=None)
        found = find_agreement(office.parties["factory"].id)
    # A month after the receipt would be 25 March, in a year that nobody agreed to any more.
    assert (made.takes_effect_on, made.rule) == (date(2031, 3, 10), "year_end")
    assert found.stopped_by == made
    assert at(date(2031, 3, 10))[-1] == ("ended", NOW.date(), LAST, "not_renewed")
    assert at(date(2031, 3, 11))[-1][0] == "ended"
    with tenant_transaction(office.caisse):
        assert Party.objects.get(id=office.parties["factory"].id).state == "ended"


def test_a_letter_that_came_in_time_counts_though_it_was_entered_late(office, at):
    accepted(office)
    with tenant_transaction(office.caisse):
        set_section("ending", renunciation="within_a_month", renunciation_read_only_months=0)
    at(date(2031, 2, 25))
    assert at(date(2031, 3, 12))[-1] == RENEWED
    with tenant_transaction(office.caisse):
        made = services.enter_renunciation(
            actor=office.clerk("gilles"), party_id=office.parties["factory"].id, themes=None,
            received_on=date(2031, 3, 8),
        )  # fmt: skip
    assert (made.takes_effect_on, made.rule) == (date(2031, 3, 12), "year_end")
    assert at(date(2031, 3, 12))[-1] == ("ended", date(2031, 3, 10), date(2031, 3, 12), "access_ended")


def test_an_end_far_beyond_the_year_and_a_renounced_theme_stop_no_renewal(office, at):
    accepted(office)
    with tenant_transaction(office.caisse):
        services.end_affiliation(
            actor=office.clerk("gilles"), party_id=office.parties["factory"].id, last_day=date(2033, 12, 31)
        )
        services.renounce(actor=office.actor(), themes=["employees"])
    assert at(date(2031, 2, 25))[-1] == ANNOUNCED
    assert at(date(2031, 3, 10))[-1] == RENEWED


def test_what_was_ended_and_taken_back_goes_on(office, at):
    accepted(office)
    with tenant_transaction(office.caisse):
        made = services.exclude_party(
            actor=office.clerk("gilles"), party_id=office.parties["factory"].id, reason="Abus"
        )
    assert at(date(2030, 4, 1))[-1] == ("ended", NOW.date(), date(2030, 4, 1), "access_ended")
    with tenant_transaction(office.caisse):
        services.take_back(actor=office.clerk("gilles"), party_id=office.parties["factory"].id, ending_id=made.id)
    assert at(date(2030, 4, 2))[-1] == BEGUN


def test_terms_that_are_not_accepted_are_not_renewed_and_begin_anew_with_the_answer(office, at):
    accepted(office)
    at(date(2031, 1, 5))
    second = publish(office, date(2031, 1, 6), grace_days=20)
    at(date(2031, 2, 20))
    assert at(date(2031, 3, 10))[-1] == ("ended", NOW.date(), LAST, "not_accepted")
    assert at(date(2031, 3, 11))[-1][0] == "ended"
    at(date(2031, 4, 2))
    answer(office, second, "accepted")
    assert steps(office)[-1] == ("begun", date(2031, 4, 2), add_months(date(2031, 4, 2), 12) - timedelta(days=1), "")


def test_the_pages_of_the_company_and_of_the_desk_show_it(office, at):
    accepted(office)
    at(date(2031, 2, 8))
    at(date(2031, 3, 10))
    shown = office.browser("anne").get(office.url("terms/")).content.decode()
    assert "10.03.2031 – 09.03.2032" in shown
    assert "company/renounce/" in shown
    desk = office.browser("elena").get(f"/clerk/parties/{office.parties['factory'].id}/terms/").content.decode()
    assert "10.03.2031 – 09.03.2032" in desk


def test_more_than_a_portion_is_done_in_the_same_hour(office, at, monkeypatch):
    with tenant_transaction(office.caisse):
        set_section("terms", renews_yearly=False)
    version = accepted(office)
    with tenant_transaction(office.caisse):
        given = Answer.objects.filter(kind="accepted").values().get()
        others = [make_party(f"Atelier {figure}") for figure in range(5)]
        Answer.objects.bulk_create(Answer(**given | {"id": new_id(), "party_id": one.id}) for one in others)
        set_section("terms", renews_yearly=True)
    monkeypatch.setattr(renewing, "BATCH", 2)
    upkeep()
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        assert AgreementStep.objects.filter(version=version, kind="begun").count() == 6
