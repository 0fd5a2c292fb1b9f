"""The added sheet as XML: plain cells with text of their own, so that no other part changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.intake.markup.cells import address, quoted_reference
from core.intake.markup.edits import attribute, text
from core.intake.markup.namespaces import XML_DECLARATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.intake.markup.namespaces import Dialect
    from core.intake.markup.types import Summary, SummaryCell, SummaryLine

_WIDTHS = (28, 18, 30, 60, 60, 60)
_FROZEN_AT_MOST = 12
_CELL_LIMIT = 32_000
# Spreadsheet programs declare a file with more links than this damaged.
_LINK_LIMIT = 60_000
_PAGE = (
    b'<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    b'<pageSetup orientation="landscape" fitToHeight="0"/>'
)


def summary_sheet(summary: Summary, dialect: Dialect) -> bytes:
    """Return the summary as a worksheet part."""
    table_at = len(summary.facts) + 4
    rows = [_row(1, (summary.heading,))]
    rows += (_row(number, fact) for number, fact in enumerate(summary.facts, start=2))
    rows.append(_row(table_at - 1, summary.headers))
    rows += (_row(number, line.cells) for number, line in enumerate(summary.lines, start=table_at))
    return b"".join(
        [
            XML_DECLARATION + b'<worksheet xmlns="%s">' % dialect.main.encode(),
            b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
            _view(table_at - 1),
            _columns(),
            b"<sheetData>" + b"".join(rows) + b"</sheetData>",
            _links(summary.lines, table_at),
            _PAGE + b"</worksheet>",
        ]
    )


def _view(frozen: int) -> bytes:
    pane = b'<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>'
    inner = pane % (frozen, frozen + 1) if frozen <= _FROZEN_AT_MOST else b""
    return b'<sheetViews><sheetView workbookViewId="0">' + inner + b"</sheetView></sheetViews>"


def _columns() -> bytes:
    form = b'<col min="%d" max="%d" width="%d" customWidth="1"/>'
    columns = b"".join(form % (n, n, width) for n, width in enumerate(_WIDTHS, start=1))
    return b"<cols>" + columns + b"</cols>"


def _row(number: int, cells: Sequence[SummaryCell]) -> bytes:
    inner = b"".join(_cell(number, column, value) for column, value in enumerate(cells, start=1))
    return b'<row r="%d">%s</row>' % (number, inner)


def _cell(row: int, column: int, value: SummaryCell) -> bytes:
    reference = address((row, column)).encode()
    if value is None or value == "":
        return b""
    if isinstance(value, str):
        form = b'<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
        return form % (reference, text(value[:_CELL_LIMIT]))
    return b'<c r="%s"><v>%s</v></c>' % (reference, repr(value).encode())


def _links(lines: Sequence[SummaryLine], first_row: int) -> bytes:
    links = b"".join(_line_links(lines[:_LINK_LIMIT], first_row))
    return b"<hyperlinks>" + links + b"</hyperlinks>" if links else b""


def _line_links(lines: Sequence[SummaryLine], first_row: int) -> Iterator[bytes]:
    form = b'<hyperlink ref="%s" location=%s display=%s/>'
    for number, line in enumerate(lines, start=first_row):
        if line.sheet is not None and line.row is not None and line.column is not None:
            location = quoted_reference(line.sheet, (line.row, line.column))
            shown = str(line.cells[0]) if line.cells else location
            at = address((number, 1)).encode()
            yield form % (at, attribute(location), attribute(shown[:255]))
