"""The findings workbook: what was found, for files too large to be marked up themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rustpy_xlsxwriter import FastExcel, Format

from core.intake.markup.names import summary_sheet_name
from core.intake.workbooks.errors import ListTooLong
from core.intake.workbooks.listing import add_table
from core.intake.workbooks.values import workbook_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from core.intake.workbooks.columns import Cell, ListColumn

# What opens and scrolls without waiting in the spreadsheet programs people have: measured, 2 ms
# per comment. Above either figure the findings workbook is the better answer.
MARKED_ROWS_LIMIT = 20_000
MARKED_CELLS_LIMIT = 2_000


def is_better_marked(*, rows: int, cells: int) -> bool:
    """Whether a workbook of so many rows, so many cells with findings, is marked up itself."""
    return rows <= MARKED_ROWS_LIMIT and cells <= MARKED_CELLS_LIMIT


@dataclass(frozen=True, slots=True)
class FindingsTable:
    """One sheet: its title, its columns, and a row of cells for each finding or person."""

    title: str
    columns: Sequence[ListColumn]
    rows: Iterable[Sequence[Cell]]


def write_findings(
    target: Path, *, title: str, heading: str, facts: Sequence[tuple[str, Cell]], tables: Sequence[FindingsTable]
) -> tuple[int, ...]:
    """Write a summary sheet, then the tables; return each table's number of rows.

    Rows are taken one by one, so that memory does not grow with them. Every sheet's name carries
    our mark: uploaded by mistake, the file is passed over and never taken for a declaration.
    Raises ``list_too_long`` for a table above 1,048,575 rows; ``target`` is gone then.
    """
    book = FastExcel(str(target), output_format="xlsx")
    taken = [summary_sheet_name(title, [])]
    _add_summary(book, taken[0], heading, facts)
    counted = []
    for table in tables:
        taken.append(summary_sheet_name(table.title, taken))
        counted.append(add_table(book, taken[-1], table.columns, table.rows))
    try:
        book.save()
    except ListTooLong:
        target.unlink(missing_ok=True)
        raise
    return tuple(table.count for table in counted)


def _add_summary(book: FastExcel, name: str, heading: str, facts: Sequence[tuple[str, Cell]]) -> None:
    # The writer takes the first row from the records' keys: the heading, and nothing beside it.
    rows = [{heading: workbook_value(label), " ": workbook_value(value)} for label, value in facts]
    book.sheet(
        name,
        rows or [{heading: None, " ": None}],
        column_widths=[48.0, 36.0],
        column_formats=[_aligned(), _aligned()],
        header_format=Format().set_bold().set_font_size(14),
        page_setup={"fit_to_pages": (1, 0)},
    )


def _aligned() -> Format:
    return Format().set_align("left").set_align("top").set_text_wrap()
