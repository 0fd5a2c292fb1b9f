"""Any list as a workbook or as CSV, written row by row."""

from __future__ import annotations

import csv
import io
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

from rustpy_xlsxwriter import FastExcel, Format

from core.intake.markup.names import clean_sheet_name
from core.intake.workbooks.errors import ListTooLong
from core.intake.workbooks.values import csv_value, workbook_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from core.intake.workbooks.columns import Cell, ListColumn, Style
    from core.intake.workbooks.values import WorkbookCell

MAX_ROWS = 1_048_575
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Text format keeps what looks like a formula or a long number as it is, also after editing.
_TEXT_FORMAT = 49
_FORMATS: dict[Style, str] = {
    "integer": "0",
    "amount": "#,##0.00",
    "date": "dd.mm.yyyy",
    "moment": "dd.mm.yyyy hh:mm",
}


def export_list(columns: Sequence[ListColumn], rows: Iterable[Sequence[Cell]], target: Path, *, title: str) -> int:
    """Write a workbook of one sheet called ``title``; return the number of rows.

    Each row has a cell per column. Moments are written as they read, so convert them to the
    reader's zone first. Raises ``list_too_long`` above 1,048,575 rows; ``target`` is gone then.
    """
    book = FastExcel(str(target), output_format="xlsx")
    written = add_table(book, title, columns, rows)
    try:
        book.save()
    except ListTooLong:
        target.unlink(missing_ok=True)
        raise
    return written.count


class Counted:
    """Counts rows on their way; the figure is right once the workbook is saved."""

    def __init__(self, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        self._headings = headings
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, WorkbookCell]]:
        for row in self._rows:
            self.count += 1
            if self.count > MAX_ROWS:
                raise ListTooLong(limit=MAX_ROWS)
            yield dict(zip(self._headings, map(workbook_value, row), strict=True))
        if self.count == 0:
            # The writer takes the headings from the first row; an empty one leaves them alone.
            yield dict.fromkeys(self._headings)


def add_table(book: FastExcel, title: str, columns: Sequence[ListColumn], rows: Iterable[Sequence[Cell]]) -> Counted:
    """Add a sheet with frozen, filterable headings; rows are taken when the book is saved."""
    headings = unique([column.heading for column in columns])
    records = Counted(headings, rows)
    name = clean_sheet_name(title)
    book.sheet(
        name,
        iter(records),
        column_widths=[float(column.width) for column in columns],
        column_formats=[_format(column) for column in columns],
        header_format=Format().set_bold().set_text_wrap().set_border_bottom("thin"),
        ignore_errors=[h for h, c in zip(headings, columns, strict=True) if c.style == "text"],
        autofilter=True,
        page_setup={"landscape": True, "repeat_rows": 0, "fit_to_pages": (1, 0), "footer": "&C&P / &N"},
    )
    book.freeze(row=1, col=0, sheet=name)
    return records


def _format(column: ListColumn) -> Format:
    form = Format().set_align("top")
    if column.wrapped:
        form.set_text_wrap()
    if column.style == "text":
        return form.set_num_format_index(_TEXT_FORMAT)
    return form.set_num_format(_FORMATS[column.style])


def unique(headings: Sequence[str]) -> list[str]:
    """Return headings of which no two are equal; a repeated one gets a number."""
    found: list[str] = []
    for heading in headings:
        name, number = heading, 1
        while name in found:
            number += 1
            name = f"{heading} ({number})"
        found.append(name)
    return found


def export_csv(
    columns: Sequence[ListColumn], rows: Iterable[Sequence[Cell]], target: IO[bytes], *, separator: str = ";"
) -> int:
    """Write CSV as spreadsheet programs here open it by a double click; return the number of rows.

    UTF-8 with its mark, semicolons, CRLF. Text that could run as a formula gets an apostrophe.
    """
    target.write(BYTE_ORDER_MARK)
    count = 0
    for block in _csv_blocks(columns, rows, separator):
        target.write(block)
        count += 1
    return count - 1


def stream_csv(
    columns: Sequence[ListColumn], rows: Iterable[Sequence[Cell]], *, separator: str = ";"
) -> Iterator[bytes]:
    """Yield the same file as :func:`export_csv` in pieces, for a streaming answer."""
    yield BYTE_ORDER_MARK
    blocks = _csv_blocks(columns, rows, separator)
    while piece := b"".join(islice(blocks, 1000)):
        yield piece


def _csv_blocks(columns: Sequence[ListColumn], rows: Iterable[Sequence[Cell]], separator: str) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    headings: Sequence[Cell] = [column.heading for column in columns]
    for row in chain([headings], rows):
        writer.writerow(map(csv_value, row))
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")
