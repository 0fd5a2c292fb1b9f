"""The findings workbook: a summary, then tables, whatever their length."""

from __future__ import annotations

import time
import tracemalloc

import openpyxl
import pytest

from core.intake.markup.names import is_summary_sheet
from core.intake.workbooks.columns import ListColumn
from core.intake.workbooks.findings import FindingsTable, is_better_marked, write_findings

COLUMNS = [
    ListColumn("Row", "integer", width=8),
    ListColumn("Person", width=30),
    ListColumn("Entry"),
    ListColumn("Severity", width=14),
    ListColumn("Finding", width=60, wrapped=True),
]


def found(count):
    return ([n, f"Müller {n}", "=1+1", "to correct", "Unknown canton"] for n in range(1, count + 1))


def write(path, count):
    tables = [FindingsTable("Findings", COLUMNS, found(count)), FindingsTable("findings", COLUMNS, found(2))]
    return write_findings(path, title="Prüfung", heading="What we found", facts=[("Rows", 8)], tables=tables)


def test_summary_and_tables_are_there(tmp_path):
    assert write(tmp_path / "f.xlsx", 3) == (3, 2)
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert book.sheetnames == ["Prüfung · Relais", "Findings · Relais", "findings · Relais 2"]
    assert all(is_summary_sheet(name) for name in book.sheetnames)
    assert [[cell.value for cell in row] for row in book.worksheets[0]] == [["What we found", " "], ["Rows", 8]]
    assert [cell.value for cell in book.worksheets[1][2]] == [1, "Müller 1", "=1+1", "to correct", "Unknown canton"]
    assert book.worksheets[1].freeze_panes == "A2"
    assert book.worksheets[1].auto_filter.ref == "A1:E4"


def test_100_000_findings_take_seconds_and_little_memory(tmp_path):
    tracemalloc.start()
    started = time.process_time()
    assert write(tmp_path / "f.xlsx", 100_000) == (100_000, 2)
    spent, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert spent < 20
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("rows", "cells", "marked"), [(20_000, 2_000, True), (20_001, 1, False), (10, 2_001, False), (0, 0, True)]
)
def test_the_threshold(rows, cells, marked):
    assert is_better_marked(rows=rows, cells=cells) is marked
