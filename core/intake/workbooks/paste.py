"""What a person pastes from a spreadsheet: cut into cells, then told which field each is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.declare.texts import fold
from core.intake.workbooks.errors import PasteTooLarge
from core.intake.workbooks.guard import unguard_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PASTE_LIMIT = 5_000
_END = "\t\n"
_BREAKS = re.compile(r"\r\n?|\v|\x85|\u2028|\u2029")
# A cell in quotes: it may hold tabs, line breaks and doubled quotes, and ends at a cell's end.
_FORM = r'"((?:[^"]|"")*+)"(?=%(separator)s|\n|\Z)|([^%(separator)s\n]*)'
_LEAST_HEADINGS = 2


@dataclass(frozen=True, slots=True)
class PastedRows:
    """Pasted cells by field name, row by row as pasted; blank rows are left out.

    ``numbers`` gives each row's place in what was pasted, from 1. ``leftover`` are the filled
    cells that belong to no field, as row number, column number (both from 1) and text: filled
    cells in = entries + leftover (+ the headings). ``columns`` are the fields that the table has,
    ``unknown`` the headings above what is left over (the number of the column where there are none).
    """

    rows: tuple[dict[str, str], ...]
    numbers: tuple[int, ...]
    leftover: tuple[tuple[int, int, str], ...] = field(default=())
    columns: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    had_headings: bool = False


def parse_paste(text: str, *, limit: int = PASTE_LIMIT) -> list[list[str]]:
    """Cut pasted text into rows of cells, without the blank rows at its end.

    Tab-separated as spreadsheets give it, cells with line breaks in quotes; semicolons where
    there is no tab. Cells keep their blanks. Raises ``paste_too_large`` above ``limit`` rows.
    """
    clean = _BREAKS.sub("\n", text.removeprefix("\ufeff"))
    rows = _cut(clean, _separator(clean), limit)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _separator(text: str) -> str:
    return ";" if "\t" not in text and ";" in text else "\t"


def _cut(text: str, separator: str, limit: int) -> list[list[str]]:
    cell = re.compile(_FORM % {"separator": separator})
    rows: list[list[str]] = [[]]
    position = 0
    while position <= len(text):
        found = cell.match(text, position)
        if found is None:
            break
        quoted, bare = found.groups()
        rows[-1].append(bare if quoted is None else quoted.replace('""', '"'))
        if text[found.end() : found.end() + 1] == "\n":
            rows.append([])
        if len(rows) > limit + 1:
            raise PasteTooLarge(limit=limit)
        position = found.end() + 1
    return rows


def assign_fields(cells: Sequence[Sequence[str]], *, fields: Sequence[str], aliases: Mapping[str, str]) -> PastedRows:
    """Say which field each pasted cell is: by a first line of headings, else in the order of ``fields``.

    ``aliases`` maps folded headings to fields, as the reader of files uses them.
    """
    start = next((n for n, row in enumerate(cells) if any(cell.strip() for cell in row)), 0)
    named = _by_headings(cells[start], aliases) if cells else {}
    columns = named or dict(enumerate(fields))
    rows: list[dict[str, str]] = []
    numbers: list[int] = []
    leftover: list[tuple[int, int, str]] = []
    for number, row in enumerate(cells[start + bool(named) :], start=start + bool(named) + 1):
        entries = {columns[at]: unguard_text(cell) for at, cell in enumerate(row) if at in columns and cell.strip()}
        leftover += ((number, at + 1, cell) for at, cell in enumerate(row) if at not in columns and cell.strip())
        if any(cell.strip() for cell in row):
            rows.append(entries)
            numbers.append(number)
    heads = cells[start] if named else ()
    unknown = dict.fromkeys(_heading(heads, column) for _number, column, _cell in leftover)
    return PastedRows(
        tuple(rows), tuple(numbers), tuple(leftover), tuple(columns.values()), tuple(unknown), had_headings=bool(named)
    )


def _heading(heads: Sequence[str], column: int) -> str:
    named = heads[column - 1].strip() if column <= len(heads) else ""
    return named or str(column)


def _by_headings(row: Sequence[str], aliases: Mapping[str, str]) -> dict[int, str]:
    """Return which field each column is, or nothing if the row holds no headings."""
    found: dict[int, str] = {}
    for column, cell in enumerate(row):
        name = aliases.get(fold(cell))
        if name is not None and name not in found.values():
            found[column] = name
    filled = sum(bool(cell.strip()) for cell in row)
    return found if len(found) >= min(_LEAST_HEADINGS, filled) else {}
