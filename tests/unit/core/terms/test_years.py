"""The years of an agreement: whole, without a gap, always counted from the acceptance."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.terms.years import year_of

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("accepted_on", "day", "first", "last"),
    [
        (date(2025, 3, 10), date(2025, 3, 10), date(2025, 3, 10), date(2026, 3, 9)),
        (date(2025, 3, 10), date(2026, 3, 9), date(2025, 3, 10), date(2026, 3, 9)),
        (date(2025, 3, 10), date(2026, 3, 10), date(2026, 3, 10), date(2027, 3, 9)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28), date(2026, 2, 27)),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29), date(2029, 2, 27)),
        (date(2025, 3, 10), date(2024, 1, 1), date(2025, 3, 10), date(2026, 3, 9)),
    ],
)
def test_the_year_in_which_a_day_lies(accepted_on, day, first, last):
    year = year_of(accepted_on, day)
    assert (year.first, year.last) == (first, last)


@given(DAYS, DAYS)
def test_years_follow_each_other_without_a_gap(accepted_on, day):
    year = year_of(accepted_on, day)
    assert year.first <= max(day, accepted_on) <= year.last
    following = year_of(accepted_on, year.next_day)
    assert following.first == year.last + timedelta(days=1)
