"""When an end takes effect, whatever the days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.affiliation.dates import leave_after, renounce_on, renunciation_day
from core.kernel.periods import add_months

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
RULES = st.sampled_from(["month_after_receipt", "within_a_month", "at_once"])
MONTHS = st.integers(0, 24)


@pytest.mark.parametrize(
    ("received", "rule", "day"),
    [
        (date(2026, 1, 1), "month_after_receipt", date(2026, 2, 1)),
        (date(2026, 1, 31), "month_after_receipt", date(2026, 2, 1)),
        (date(2026, 12, 15), "month_after_receipt", date(2027, 1, 1)),
        (date(2026, 1, 31), "within_a_month", date(2026, 2, 28)),
        (date(2028, 1, 31), "within_a_month", date(2028, 2, 29)),
        (date(2026, 4, 15), "within_a_month", date(2026, 5, 15)),
        (date(2026, 4, 15), "at_once", date(2026, 4, 15)),
    ],
)
def test_day_by_each_rule(received, rule, day):
    assert renunciation_day(received, rule) == day


@given(DAYS)
def test_month_after_receipt_is_the_next_month_s_first_day(received):
    day = renunciation_day(received, "month_after_receipt")
    assert day.day == 1
    assert (day.year * 12 + day.month) - (received.year * 12 + received.month) == 1


@given(DAYS)
def test_a_month_is_never_longer_than_one(received):
    assert timedelta(days=28) <= renunciation_day(received, "within_a_month") - received <= timedelta(days=31)


@given(DAYS, DAYS, RULES)
def test_later_receipt_never_takes_effect_earlier(one, other, rule):
    first, second = sorted((one, other))
    assert renunciation_day(first, rule) <= renunciation_day(second, rule)


@given(DAYS, st.integers(0, 4000), RULES, MONTHS)
def test_nothing_takes_effect_in_the_past_and_the_end_comes_last(received, late, rule, months):
    today = received + timedelta(days=late)
    days = renounce_on(received, today, rule, months)
    assert today <= days.effect <= days.end
    assert (days.end == days.effect) is (months == 0)


@given(DAYS, MONTHS)
def test_last_day_still_belongs_to_the_affiliation(last_day, months):
    days = leave_after(last_day, months)
    assert days.effect - last_day == timedelta(days=1)
    assert days.end >= days.effect


@given(DAYS, MONTHS, MONTHS)
def test_months_add_up_to_a_day_or_less_at_the_end_of_a_month(day, one, other):
    whole, parts = add_months(day, one + other), add_months(add_months(day, one), other)
    assert timedelta() <= whole - parts <= timedelta(days=3)
