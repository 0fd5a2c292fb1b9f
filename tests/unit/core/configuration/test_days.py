"""Non-working days, and maintenance that is told in advance."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.configuration.sections import (
    CalendarSection,
    DeadlinesSection,
    ExternalLink,
    Holiday,
    MaintenanceSection,
    Window,
)

SWISS = CalendarSection(
    holidays=(
        Holiday(day=date(2020, 1, 1), yearly=True),
        Holiday(day=date(2027, 3, 26)),
        Holiday(day=date(2027, 3, 29)),
    )
)
NIGHT = Window(day=date(2027, 2, 3), begins="22:00", ends="01:30")


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2027-02-05", "2027-02-05"),  # a Friday
        ("2027-02-06", "2027-02-08"),  # over the weekend
        ("2027-01-01", "2027-01-04"),  # New Year, a Friday, every year
        ("2027-03-26", "2027-03-30"),  # from Good Friday over Easter Monday
        ("2028-03-27", "2028-03-27"),  # those of another year do not count
    ],
)
def test_deadline_ends_on_a_working_day(day, moved):
    assert SWISS.move_to_working_day(date.fromisoformat(day)) == date.fromisoformat(moved)


def test_week_of_another_country():
    friday = date(2027, 2, 5)
    assert CalendarSection(rest_days=("fri",)).move_to_working_day(friday) == friday + timedelta(days=1)


def test_week_without_a_working_day_is_refused():
    with pytest.raises(ValidationError, match="At least one day"):
        CalendarSection(rest_days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"))


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_moved_day_is_the_first_working_day(day):
    moved = SWISS.move_to_working_day(day)
    assert SWISS.is_working_day(moved)
    assert not any(SWISS.is_working_day(day + timedelta(days=count)) for count in range((moved - day).days))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2027-01-26T23:59", False),
        ("2027-01-27T00:00", True),
        ("2027-02-03T23:00", True),
        ("2027-02-04T01:29", True),
        ("2027-02-04T01:30", False),
    ],
)
def test_maintenance_is_told_days_ahead_and_until_it_is_over(now, told):
    section = MaintenanceSection(windows=(NIGHT,))
    assert bool(section.list_coming(datetime.fromisoformat(now))) is told


def test_next_maintenance_comes_first():
    later = Window(day=date(2027, 2, 5), begins="08:00", ends="09:00")
    section = MaintenanceSection(windows=(later, NIGHT))
    assert section.list_coming(datetime(2027, 2, 2, 12)) == [NIGHT, later]


@pytest.mark.parametrize("values", [{"begins": "24:00"}, {"ends": "9:00"}, {"begins": "22:00", "ends": "22:00"}])
def test_hours_that_are_none_are_refused(values):
    with pytest.raises(ValidationError):
        Window.model_validate({"day": "2027-02-03", "begins": "22:00", "ends": "23:00"} | values)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://example.ch", 'https://x.ch/"><script>'])
def test_link_that_leads_astray_is_refused(address):
    with pytest.raises(ValidationError):
        ExternalLink(address=address, names={"fr": "x"})


@pytest.mark.parametrize(
    ("until", "day", "protected"),
    [
        ("02-28", date(2028, 2, 29), True),
        ("02-28", date(2028, 3, 1), False),
        ("02-28", date(2027, 3, 1), False),
        ("02-27", date(2028, 2, 29), False),
        ("02-27", date(2027, 12, 1), True),
        ("02-27", date(2027, 11, 30), False),
    ],
)
def test_season_until_the_end_of_february_holds_in_a_leap_year(until, day, protected):
    section = DeadlinesSection(protected_from="12-01", protected_until=until)
    assert section.is_protected(day) is protected
