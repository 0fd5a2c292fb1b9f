"""Lists as workbook and CSV: every value as it was, nothing that runs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.workbooks import listing
from core.intake.workbooks.columns import ListColumn
from core.intake.workbooks.errors import ListTooLong
from core.intake.workbooks.guard import guard_text, unguard_text
from core.intake.workbooks.listing import export_csv, export_list, stream_csv

COLUMNS = [
    ListColumn("AHV number"),
    ListColumn("Name", wrapped=True),
    ListColumn("Months", "integer"),
    ListColumn("Wage", "amount"),
    ListColumn("Born", "date"),
    ListColumn("Sent", "moment"),
    ListColumn("Name"),
]
ROWS = [
    ["7569217076985", "=1+1", 5, Decimal("12.30"), date(1980, 1, 2), datetime(2025, 1, 2, 10, 30, tzinfo=UTC), "x"],
    ["1" * 20, "@cmd", 10**16, Decimal("123456789012345678.12"), date(1850, 1, 2), None, None],
    [None, "a\x01\ud800b", True, 12.5, None, None, "Zoë 😀"],
]
HOSTILE = ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\tx", "\rx", " =1", "=HYPERLINK(1)", "-", "＝1"]
HARMLESS = ["-12.50", "+41 79 123 45 67", "1'000", "Müller", "", "a=b", "756.1234.5678.97"]


def values(path):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active]


def test_values_arrive_as_they_were_or_as_text(tmp_path):
    path = tmp_path / "list.xlsx"
    assert export_list(COLUMNS, iter(ROWS), path, title="People: [1]/2") == 3
    head, first, second, third = values(path)
    assert head[-1] == "Name (2)"
    assert first[:4] + first[6:] == ["7569217076985", "=1+1", 5, 12.3, "x"]
    assert [moment.isoformat() for moment in first[4:6]] == ["1980-01-02T00:00:00", "2025-01-02T10:30:00"]
    assert second == ["1" * 20, "@cmd", str(10**16), "123456789012345678.12", "1850-01-02", None, None]
    assert third[1:4] == ["a��b", True, 12.5]
    assert openpyxl.load_workbook(path).sheetnames == ["People   1  2"]


def test_no_cell_of_a_workbook_is_a_formula(tmp_path):
    path = tmp_path / "list.xlsx"
    export_list([ListColumn("=A1")], [[text] for text in HOSTILE], path, title="x")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert [row[0] for row in values(path)][1:5] == HOSTILE[:4]
    assert {cell.number_format for cell in openpyxl.load_workbook(path).active["A"][1:]} == {"@"}


def test_an_empty_list_has_its_headings(tmp_path):
    path = tmp_path / "list.xlsx"
    assert export_list(COLUMNS, [], path, title="") == 0
    assert values(path) == [["AHV number", "Name", "Months", "Wage", "Born", "Sent", "Name (2)"]]


def test_a_list_no_workbook_can_hold_is_refused(tmp_path):
    path = tmp_path / "list.xlsx"
    with pytest.raises(ListTooLong):
        export_list([ListColumn("n", "integer")], ([n] for n in range(listing.MAX_ROWS + 1)), path, title="x")
    assert not path.exists()


def test_csv_opens_by_a_double_click():
    target = io.BytesIO()
    assert export_csv(COLUMNS, ROWS[:1], target) == 1
    head, row = target.getvalue().decode("utf-8-sig").split("\r\n")[:2]
    assert target.getvalue().startswith(b"\xef\xbb\xbf")
    assert head == "AHV number;Name;Months;Wage;Born;Sent;Name"
    assert row == "7569217076985;'=1+1;5;12.30;02.01.1980;02.01.2025 10:30;x"


def test_csv_in_pieces_is_the_same_file():
    target = io.BytesIO()
    export_csv(COLUMNS, ROWS * 900, target, separator=",")
    pieces = list(stream_csv(COLUMNS, ROWS * 900, separator=","))
    assert b"".join(pieces) == target.getvalue()
    assert len(pieces) == 4


def test_csv_keeps_separators_and_line_breaks():
    cells = ['a;b"c', "two\nlines", "plain"]
    target = io.BytesIO()
    export_csv([ListColumn(n) for n in "abc"], [cells], target)
    text = target.getvalue().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1] == cells


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_run_gets_an_apostrophe(text):
    assert guard_text(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_cannot_run_stays_as_it_is(text):
    assert guard_text(text) == text


@given(st.text())
def test_the_guard_can_be_taken_off(text):
    guarded = guard_text(text)
    assert guarded[:1] not in tuple("=@\t\r")
    assert text in (unguard_text(guarded), guarded)
