"""Reads a workbook's sheets as text: every cell, every row number, no guessed types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fastexcel
import polars as pl

from core.intake import cells, packages, refusals
from core.intake.markup.names import is_summary_sheet
from core.intake.tables import ROW, RawTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.intake.limits import Limits
    from core.intake.packages import SheetPart

# Rows above the table: titles, an address, notes.
ROWS_ABOVE = 100


def read_sheets(path: Path, limits: Limits, chosen: str | None = None) -> Iterator[RawTable]:
    """Yield the visible sheets that hold anything, in their order, or only the ``chosen`` one."""
    parts = _list_parts(path, chosen)
    try:
        book = fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise refusals.CorruptWorkbook from error
    for part in parts:
        table = _read_sheet(book, part, limits)
        if table is not None:
            yield _with_faults(path, part, table)


def _list_parts(path: Path, chosen: str | None) -> list[SheetPart]:
    with packages.open_package(path) as archive:
        parts = packages.list_sheets(archive)
    if chosen is not None:
        return [part for part in parts if part.name == chosen]
    # What an earlier marked-up workbook or a template of ours added is no table of hers.
    return [part for part in parts if part.visible and not is_summary_sheet(part.name)]


def _read_sheet(book: fastexcel.ExcelReader, part: SheetPart, limits: Limits) -> RawTable | None:
    try:
        # Asking for no header and for no row skipped keeps calamine from dropping blank rows above.
        sheet = book.load_sheet(part.name, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True)
        if sheet.total_height > limits.rows + ROWS_ABOVE:
            raise refusals.TooManyRows(limit=limits.rows)
        if sheet.width > limits.columns:
            raise refusals.TooManyColumns(columns=sheet.width, limit=limits.columns)
        if sheet.height == 0 or sheet.width == 0:
            return None
        names = [str(column.absolute_index) for column in sheet.selected_columns]
        frame = sheet.to_polars()
    except fastexcel.FastExcelError as error:
        raise refusals.CorruptWorkbook from error
    frame.columns = names
    return RawTable(_numbered(frame), {"sheet": part.name})


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))


def _with_faults(path: Path, part: SheetPart, table: RawTable) -> RawTable:
    with packages.open_package(path) as archive:
        faults, merged = cells.look_behind(archive, part.part)
    return RawTable(table.frame, table.facts, faults, merged)
