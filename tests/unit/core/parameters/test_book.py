from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.parameters import book
from core.parameters.records import Parameter, read_file

SWISS = Path("core/jurisdictions/ch/parameters.toml")


@pytest.fixture(scope="module", autouse=True)
def _swiss_figures():
    book.register_file("ch", SWISS)


@pytest.mark.parametrize(
    ("key", "on", "value"),
    [
        ("ahv_iv_eo.percent", date(2020, 6, 1), "10.55"),
        ("ahv_iv_eo.percent", date(2025, 1, 1), "10.6"),
        ("alv.solidarity_percent", date(2022, 12, 31), "1"),
        ("alv.solidarity_percent", date(2023, 1, 1), "0"),
        ("alv.ceiling_year", date(2026, 12, 31), "148200"),
        ("ahv.minor_wage_year", date(2024, 12, 31), "2300"),
        ("ahv.minor_wage_year", date(2025, 1, 1), "2500"),
        ("ahv.reference_age_months.women", date(1960, 12, 31), "768"),
        ("ahv.reference_age_months.women", date(1963, 1, 1), "777"),
        ("ahv.reference_age_months.women", date(1980, 1, 1), "780"),
        ("ahv.reference_age_months.men", date(1950, 1, 1), "780"),
        ("bvg.entry_year", date(2025, 5, 5), "22680"),
    ],
)
def test_figure_of_a_day(key, on, value):
    assert book.get_parameter("ch", key, on).value == value


def test_figure_that_nobody_recorded_is_missing():
    assert book.find_parameter("ch", "alv.ceiling_year", date(2027, 1, 1)) is None
    with pytest.raises(book.ParameterMissing) as caught:
        book.get_parameter("ch", "alv.ceiling_year", date(2027, 1, 1))
    assert "alv.ceiling_year" in str(caught.value)


def test_every_swiss_figure_has_a_source_and_unverified_ones_say_so():
    figures = book.list_parameters("ch")
    assert all(figure.source for figure in figures)
    assert {figure.to_confirm for figure in figures if "not verified" in figure.source} == {True}


@pytest.mark.parametrize("year", range(2020, 2027))
def test_components_add_up(year):
    parts = [book.get_parameter("ch", f"{part}.percent", date(year, 1, 1)).number for part in ("ahv", "iv", "eo")]
    assert sum(parts) == book.get_parameter("ch", "ahv_iv_eo.percent", date(year, 1, 1)).number
    assert book.get_parameter("ch", "alv.ceiling_month", date(year, 1, 1)).number * 12 == Decimal(148200)


def test_own_values_come_first(monkeypatch):
    monkeypatch.setattr(book, "_own", [])
    own = Parameter("ch", "wages.change_to_report_percent", None, None, "20", "statutes")
    book.register_own_values(lambda caisse: [own] if caisse == "own" else [])
    day = date(2025, 1, 1)
    values = [book.get_parameter("ch", own.key, day, caisse=caisse).value for caisse in ("own", "other", None)]
    assert values == ["20", "10", "10"]
    assert book.snapshot("ch", keys=[own.key], caisse="own")[0]["value"] == "20"


def test_overlapping_values_are_refused(tmp_path):
    file = tmp_path / "figures.toml"
    file.write_text(
        '[[parameter]]\nkey = "a"\nvalues = [{ from = 2020-01-01, value = "1", source = "x" },'
        ' { from = 2021-01-01, value = "2", source = "x" }]\n'
    )
    with pytest.raises(ValueError, match="overlap"):
        read_file("ch", file)
