from __future__ import annotations

from datetime import date

import pytest

from core.declare.kinds import Date, FieldFault, Period, Year
from core.kernel.periods import Period as Span
from core.kernel.text import N_

DAY = Date(label=N_("Day"))
SPAN = Period(label=N_("Period"))


@pytest.mark.parametrize(
    "typed",
    ["12.3.2025", "12.03.2025", "12/3/2025", "12-03-2025", "12. 3. 2025", "2025-03-12", "2025/3/12", "20250312",
     "2025-03-12T00:00:00", "2025-03-12 00:00:00", "12.03.2025 00:00", "45728", "45728.0", date(2025, 3, 12)],
)  # fmt: skip
def test_date_reads_usual_forms(typed):
    assert DAY.clean(typed) == date(2025, 3, 12)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12.3.25", "date_two_digit_year"),
        ("31.2.2025", "date_not_in_calendar"),
        ("3/25/2025", "date_not_in_calendar"),
        ("29.2.2023", "date_not_in_calendar"),
        ("12 mars 2025", "date_unreadable"),
        ("2025-03-12T08:30:00", "date_unreadable"),
        ("12.3.2025 - 13.3.2025", "date_unreadable"),
        ("12.3-2025", "date_unreadable"),
        ("1.1.1849", "date_out_of_range"),
        ("0001-01-01", "date_out_of_range"),
        ("1.1.2200", "date_out_of_range"),
    ],
)
def test_date_names_the_fault(typed, code):
    with pytest.raises(FieldFault) as caught:
        DAY.clean(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(("typed", "expected"), [("2025", 2025), ("2025.0", 2025), (2025, 2025), ("25", "year_unreadable"),
                                                 ("1899", "year_out_of_range")])  # fmt: skip
def test_year_has_four_digits(typed, expected):
    try:
        found = Year(label=N_("Year")).clean(typed)
    except FieldFault as fault:
        found = fault.code
    assert found == expected


@pytest.mark.parametrize("typed", ["1.1.2025 - 31.12.2025", "1.1.2025–31.12.2025", "2025-01-01/2025-12-31", "2025"])
def test_period_reads_two_days_or_a_year(typed):
    assert SPAN.clean(typed) == Span.year(2025)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31.12.2025 - 1.1.2025", "period_reversed"),
        ("soon", "period_unreadable"),
        ("1.1.25 - 2.2.25", "date_two_digit_year"),
    ],
)
def test_period_names_the_fault(typed, code):
    with pytest.raises(FieldFault) as caught:
        SPAN.clean(typed)
    assert caught.value.code == code


def test_days_are_shown_in_full():
    assert DAY.display(date(2025, 3, 1), "de") == "01.03.2025"
    assert SPAN.display(Span.year(2025), "fr") == "01.01.2025 – 31.12.2025"
