"""Headings of real lists and of our own template lead to the right fields; joined columns come apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.declare.declaration import kinds_of
from core.declare.spreadsheet import header_aliases
from core.declare.texts import fold
from tests.support.salary import person, read_text
from themes.salary_declaration.columns import derive, split_entries
from themes.salary_declaration.plan import PLAN
from themes.salary_declaration.rows import SalaryRow

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("language", ["de", "fr", "it", "en"])
def test_template_is_understood_in_each_language(language: str) -> None:
    aliases = header_aliases(PLAN.rows, PLAN.joined)
    wrong = {
        heading: aliases[fold(heading)]
        for name, kind in kinds_of(SalaryRow).items()
        if aliases[fold(heading := kind.headings[language])] != name
    }
    assert wrong == {}


NAMES = {
    "Exemple, Anne": ("Exemple", " Anne"),
    "de la Cruz, Maria, jun.": ("de la Cruz", " Maria, jun."),
    "de la Cruz Maria": ("de la Cruz", "Maria"),
    "Exemple": ("Exemple", None),
}


@pytest.mark.parametrize("name", NAMES)
def test_joined_name(name: str) -> None:
    frame = derive(pl.DataFrame({"row": [1], "name": [name]}))
    assert (frame["last_name"][0], frame["first_name"][0]) == NAMES[name]


def test_name_beside_first_name_is_the_last_name(tmp_path: Path) -> None:
    text = "AHVNr;Name;Vorname;GebDat;Geschlecht;Kt.;AHV-Lohn\n756.9217.0769.85;de Exemple;Anne;14.03.1988;F;FR;9000\n"
    row = read_text(text, tmp_path).rows[0]
    assert (row["last_name"], row["first_name"]) == ("de Exemple", "Anne")


PERIODS = {
    "01.04.2025 - 31.10.2025": ("01.04.2025", "31.10.2025"),
    "1.4.2025-31.10.2025": ("1.4.2025", "31.10.2025"),
    "vom April": ("vom April", None),
    "du 01.04.2025 au 31.10.2025": ("01.04.2025", "31.10.2025"),
}


@pytest.mark.parametrize("period", PERIODS)
def test_joined_period(period: str) -> None:
    frame = derive(pl.DataFrame({"row": [1], "period": [period]}))
    assert (frame["period_from"][0], frame["period_until"][0]) == PERIODS[period]


def test_date_in_the_column_for_the_tick(tmp_path: Path) -> None:
    names = ["Exemple", "Anne", "14.03.1988", "F", "FR", "9000"]
    text = "Nachname;Vorname;GebDat;Geschlecht;Kt.;AHV-Lohn;Austritt\n" + ";".join([*names, "31.10.2025"]) + "\n"
    row = read_text(text + ";".join([*names, "x"]) + "\n", tmp_path).rows
    assert [(one["exit_date"], one["exit_final"]) for one in row] == [("2025-10-31", "true"), ("", "true")]


def test_our_own_field_names_are_headings(tmp_path: Path) -> None:
    given = person(employee_number="7", family_supplement="3600")
    row = read_text(";".join(given) + "\n" + ";".join(given.values()), tmp_path).rows[0]
    assert (row["employee_number"], row["family_supplement"]) == ("7", "3600.00")


def test_list_in_latin_1_with_semicolons(tmp_path: Path) -> None:
    source = tmp_path / "liste.csv"
    text = "No AVS;Nom;Prénom;Date de naissance;Sexe;Canton;Salaire AVS\r\n756.9217.0769.85;Exemple;Zoé;14.03.1988;féminin;Fribourg;84'500.00\r\n"
    source.write_bytes(text.encode("latin-1"))
    from tests.support.salary import read_here

    outcome = read_here(source, tmp_path)
    assert (outcome.rows[0]["first_name"], outcome.rows[0]["sex"], outcome.rows[0]["canton"]) == ("Zoé", "F", "FR")
    assert outcome.result.summary["facts"]["encoding"] == "windows-1252"


WORDS = st.sampled_from(
    [
        "",
        "Exemple, Anne",
        "de la Cruz Maria",
        "Exemple",
        "1.4.2025-31.10.2025",
        "x",
        "31.10.2025",
        "vom April",
        " a , b ",
        "ab 1.4.2025",
    ]
)
COLUMNS = st.lists(
    st.sampled_from(["name", "last_name", "first_name", "period", "period_from", "exit_final", "exit_date"]), unique=True, min_size=1
)  # fmt: skip


@given(data=st.data())
def test_a_pasted_row_is_taken_apart_as_a_file_is(data: st.DataObject) -> None:
    columns = data.draw(COLUMNS)
    row = {name: text for name in columns if (text := data.draw(WORDS))}
    frame = derive(
        pl.DataFrame({"row": [1], **{name: pl.Series([row.get(name)], dtype=pl.String) for name in columns}})
    )
    read = {name: text for name, text in frame.row(0, named=True).items() if name != "row" and text}
    assert split_entries(row, columns) == read
