from __future__ import annotations

from decimal import Decimal

import pytest

from core.declare.kinds import FieldFault, Integer, Money, Number, Percent
from core.kernel.text import N_

MONEY = Money(label=N_("Wage"), currency="CHF", signs=("Fr.",))


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("1234.5", "1234.50"),
        (" 1'234.50 ", "1234.50"),
        ("1’234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567.00"),
        ("1,234,567", "1234567.00"),
        ("1'234.–", "1234.00"),
        ("1234.-", "1234.00"),
        ("1234.--", "1234.00"),
        ("CHF 1'234.50", "1234.50"),
        ("1'234.50 chf", "1234.50"),
        ("Fr. 12", "12.00"),
        ("−5", "-5.00"),
        ("- 5", "-5.00"),
        ("+5", "5.00"),
        (".5", "0.50"),
        ("12.", "12.00"),
        ("-0", "0.00"),
        ("5833.333333333333", "5833.33"),
        ("0.00501", "0.01"),
        ("12.340000", "12.34"),
        ("2.5E3", "2500.00"),
    ],
)
def test_money_reads_what_people_write(typed, canonical):
    assert MONEY.to_text(MONEY.clean(typed)) == canonical


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.234", "number_ambiguous"),
        ("1,234", "number_ambiguous"),
        ("1234.567", "number_too_many_decimals"),
        ("0.125", "number_too_many_decimals"),
        ("1'23.50", "number_unreadable"),
        ("12'34", "number_unreadable"),
        ("abc", "number_unreadable"),
        ("CHF", "number_unreadable"),
        ("=1+1", "number_unreadable"),
        ("1e", "number_unreadable"),
        ("--5", "number_unreadable"),
        ("٣", "number_unreadable"),
        ("9" * 61, "number_unreadable"),
        ("1e40", "number_too_large"),
        ("1000000000000.01", "number_too_large"),
        ("", "required"),
        ("\u00a0\u200b", "required"),
        ([1], "value_unreadable"),
    ],
)
def test_money_names_the_fault(typed, code):
    with pytest.raises(FieldFault) as caught:
        MONEY.clean(typed)
    assert caught.value.code == code


def test_fault_holds_the_entry_and_an_example():
    with pytest.raises(FieldFault) as caught:
        MONEY.clean(" 1.234 ")
    assert caught.value.params == {"text": "1.234", "example": "1234"}
    assert caught.value.rule.why % caught.value.params
    assert caught.value.rule.fix % caught.value.params


def test_scale_three_is_not_ambiguous():
    assert Number(label=N_("Factor"), scale=3).clean("1.234") == Decimal("1.234")


@pytest.mark.parametrize(("typed", "value"), [("12,5 %", "12.50"), ("100", "100.00"), ("0", "0.00")])
def test_percent_reads_its_sign(typed, value):
    assert str(Percent(label=N_("Share")).clean(typed)) == value


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("12", 12), ("12.0", 12), ("1'200", 1200), (7, 7), ("1.5", "number_not_whole"), ("-1", "number_too_small"),
     ("3000000000", "number_too_large"), (True, "number_unreadable")],
)  # fmt: skip
def test_integer_is_whole_and_within_bounds(typed, expected):
    try:
        found = Integer(label=N_("Count")).clean(typed)
    except FieldFault as fault:
        found = fault.code
    assert found == expected


def test_amounts_are_shown_in_swiss_form():
    assert MONEY.display(Decimal("-1234567.5"), "fr") == "−1’234’567.50"
    assert MONEY.display(None, "fr") == ""
