"""Workbooks as people make them: every cell is a value, a finding, or counted as set aside."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from core.intake import refusals
from tests.support.salary import Outcome, read_here

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADINGS = ("AHVNr", "Name", "GebDat", "Geschlecht", "Kt.", "von", "bis", "Austritt", "AHV-Lohn", "ALV-Lohn")
ANNE = (7569217076985, "Exemple, Anne", date(1988, 3, 14), "F", "FR", None, None, None, 84500, 84500.0)


def save(path: Path, rows: Sequence[Sequence[Any]], **sheets: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Lohn"
    for row in rows:
        book.active.append(row)
    for name, others in sheets.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    book.save(path)
    return path


def read(tmp_path: Path, *rows: Sequence[Any], **job: Any) -> Outcome:
    return read_here(save(tmp_path / "list.xlsx", rows), tmp_path, **job)


def adds_up(outcome: Outcome) -> bool:
    counts = outcome.result.summary["counts"]
    return counts["entries"] == counts["values"] + counts["faults"]


def test_template_of_the_funds(tmp_path: Path) -> None:
    period = ("01.04.2025", "31.10.2025", "x")
    left = ("756.1234.5678.97", "Muster, Beat", "02.11.1979", "M", "BE", *period, "12'345.50", 12345.5)
    outcome = read(tmp_path, HEADINGS, ANNE, left)
    anne, beat = outcome.rows
    assert outcome.codes == []
    assert (anne["row_number"], anne["ahv_number"], anne["birth_date"]) == ("2", "7569217076985", "1988-03-14")
    assert (anne["last_name"], anne["first_name"], anne["ahv_income"]) == ("Exemple", "Anne", "84500.00")
    assert (beat["period_from"], beat["period_until"], beat["exit_final"]) == ("2025-04-01", "2025-10-31", "true")
    assert (beat["ahv_income"], beat["canton"]) == ("12345.50", "BE")
    assert adds_up(outcome)


def test_titles_blank_rows_and_totals_keep_the_numbering(tmp_path: Path) -> None:
    total = ("Total", None, None, None, None, None, None, None, 84500, 84500)
    rows = (("Fabrique Exemple SA", "2025"), (), HEADINGS, ANNE, (), (), total, ("Signature: A. Exemple",))
    outcome = read(tmp_path, *rows)
    assert [row["row_number"] for row in outcome.rows] == ["4"]
    assert [(found["code"], found["params"]["number"]) for found in outcome.findings] == [
        ("totals_row", 7),
        ("note_row", 8),
    ]
    assert outcome.result.summary["declaration"]["stated_ahv"] == "84500.00"
    assert outcome.result.summary["facts"]["header_row"] == 3
    assert outcome.result.summary["counts"]["cells_set_aside"] == 4


def test_totals_row_that_does_not_match(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADINGS, ANNE, (None,) * 8 + (84000, 84500))
    wrong = [found for found in outcome.findings if found["code"] == "S-04a"]
    assert [(found["field"], found["params"]) for found in wrong] == [
        ("stated_ahv", {"stated": "84000.00", "counted": "84500.00"})
    ]


def test_text_in_row_1501_of_a_numeric_column(tmp_path: Path) -> None:
    rows = [ANNE] * 1499 + [(*ANNE[:8], "viel", 84500)]
    outcome = read(tmp_path, HEADINGS, *rows)
    unread = [found for found in outcome.findings if found["code"] == "number_unreadable"]
    assert [(found["row"], found["field"], found["params"]["text"]) for found in unread] == [
        (1501, "ahv_income", "viel")
    ]
    assert len(outcome.rows) == 1500
    assert adds_up(outcome)


@pytest.mark.parametrize(
    "written",
    ["14.03.1988", "14/3/1988", "1988-03-14", 32216, "32216", datetime(1988, 3, 14), date(1988, 3, 14)],
)
def test_dates_in_every_form(written: object, tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADINGS, (*ANNE[:2], written, *ANNE[3:]))
    assert outcome.rows[0]["birth_date"] == "1988-03-14"


@pytest.mark.parametrize(
    "written", [7569217076985, 7569217076985.0, "7569217076985", "756 9217 0769 85", "7,569217076985E12"]
)
def test_numbers_of_thirteen_digits_in_every_form(written: object, tmp_path: Path) -> None:
    assert read(tmp_path, HEADINGS, (written, *ANNE[1:])).rows[0]["ahv_number"] == "7569217076985"


def test_formula_without_result_and_error_value(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADINGS, ANNE, ANNE):
        book.active.append(row)
    book.active["I2"] = "=SUM(1,2)"
    book.active["C3"] = "#REF!"
    book.active["C3"].data_type = "e"
    book.save(tmp_path / "list.xlsx")
    outcome = read_here(tmp_path / "list.xlsx", tmp_path)
    told = [
        (code, found["field"], found["row"], found["params"])
        for found in outcome.findings
        if (code := found["code"])[0] != "S"
    ]
    assert told == [
        ("formula_without_value", "ahv_income", 2, {"cell": "I2", "text": "=SUM(1,2)"}),
        ("cell_error_value", "birth_date", 3, {"cell": "C3", "text": "#REF!"}),
    ]


def test_merged_cells_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("Lohnliste 2025",), HEADINGS, ANNE, ANNE):
        book.active.append(row)
    book.active.merge_cells("A1:J1")
    book.active.merge_cells("E3:E4")
    book.save(tmp_path / "list.xlsx")
    outcome = read_here(tmp_path / "list.xlsx", tmp_path)
    merged = [(found["row"], found["params"]) for found in outcome.findings if found["code"] == "cells_merged"]
    assert merged == [(3, {"range": "E3:E4"})]
    assert (4, "canton", "S-10a") in outcome.codes


def test_missing_renamed_and_unknown_columns(tmp_path: Path) -> None:
    renamed = ("AHVNr", "Name", "Geschlecht", "Kt.", "AHV-Löhne", "Bemerkung")
    outcome = read(tmp_path, renamed, (7569217076985, "Exemple, Anne", "F", "FR", 84500, "ok"))
    assert {(found["code"], found["field"]) for found in outcome.findings} >= {
        ("column_missing", "birth_date"), ("column_missing", "ahv_income"), ("column_renamed", None), ("column_unknown", None),
    }  # fmt: skip
    assert not [found for found in outcome.findings if found["row"] is not None]
    renamed_told = next(found for found in outcome.findings if found["code"] == "column_renamed")
    assert renamed_told["params"] == {"heading": "AHV-Löhne", "column": "E", "label": "AHV wage"}
    assert outcome.result.summary["counts"]["cells_in_unknown_columns"] == 2


def test_sheet_is_found_and_can_be_chosen(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [("Anleitung",)], Löhne=[HEADINGS, ANNE], Alt=[HEADINGS, ANNE, ANNE])
    assert read_here(path, tmp_path).result.summary["facts"]["sheet"] == "Löhne"
    assert read_here(path, tmp_path, choices={"sheet": "Alt"}).result.summary["row_count"] == 2


def test_workbook_without_table(tmp_path: Path) -> None:
    with pytest.raises(refusals.WorkbookWithoutTable):
        read(tmp_path, ("Anleitung",), ("Zeile",))


def test_headings_without_rows(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADINGS)
    assert outcome.result.summary["row_count"] == 0
    assert {found["code"] for found in outcome.findings} >= {"no_rows", "S-18b"}


def test_table_that_begins_far_from_the_corner(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for place, (heading, value) in enumerate(zip(HEADINGS, ANNE, strict=True)):
        book.active.cell(7, 4 + place, heading)
        book.active.cell(9, 4 + place, value)
    book.save(tmp_path / "list.xlsx")
    outcome = read_here(tmp_path / "list.xlsx", tmp_path)
    assert outcome.rows[0]["row_number"] == "9"
    assert outcome.result.summary["facts"]["columns"]["ahv_number"] == "D"
