"""What goes into a marked-up workbook and what is told about it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.kernel.issues import Severity

SummaryCell = str | int | float | None


@dataclass(frozen=True, slots=True)
class CellMark:
    """A remark on one cell; ``row`` and ``column`` count from 1 as the spreadsheet shows them.

    ``text`` is in the reader's language. Several marks on one cell become one comment.
    """

    sheet: str
    row: int
    column: int
    text: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One row of the summary's table; with a place, its first cell becomes a link to it."""

    cells: Sequence[SummaryCell]
    sheet: str | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The added sheet: a heading, facts as label and value, then a table. Texts are translated.

    ``title`` is the sheet's name before the mark that :mod:`.names` adds; some 20 characters.
    """

    title: str
    heading: str
    facts: Sequence[tuple[str, SummaryCell]] = ()
    headers: Sequence[str] = ()
    lines: Sequence[SummaryLine] = ()


@dataclass(frozen=True, slots=True)
class MarkResult:
    """What was done: which parts differ from the source, all others being equal byte for byte.

    ``unplaced`` are marks that no cell can show: an unknown sheet, a place outside the grid, or
    a cell with a threaded conversation, which hides notes. The summary should list them too.
    """

    summary_sheet: str
    marked_cells: int
    cleared_cells: int
    unplaced: tuple[CellMark, ...]
    changed_parts: tuple[str, ...]
    added_parts: tuple[str, ...]
