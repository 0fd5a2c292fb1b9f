"""Finds the line that names the columns, below titles and above data, and says what each column is."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.declare.texts import fold
from core.intake.tables import ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import polars as pl

SEARCHED_ROWS = 60
LEAST_COLUMNS = 2
CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Which row(s) name the columns, and what they mean.

    ``fields`` maps a field's name to the index of its column; ``unknown`` maps the index of a
    column that was not understood to its heading; ``twice`` lists further columns of a known field.
    """

    first_row: int
    last_row: int
    fields: Mapping[str, int]
    unknown: Mapping[int, str] = field(default_factory=dict)
    twice: Mapping[int, str] = field(default_factory=dict)

    @property
    def score(self) -> int:
        """How much was understood."""
        return len(self.fields)

    @property
    def rank(self) -> tuple[int, bool]:
        """Better first by what was understood, then one line before two."""
        return self.score, self.first_row == self.last_row


def find_header(frame: pl.DataFrame, aliases: Mapping[str, str]) -> HeaderMatch | None:
    """Return the best match among the first rows, or nothing if no row names two known columns (one if there is one).

    ``aliases`` maps folded headings to fields. A heading may be spread over two rows, the upper
    one merged over several columns ("Period" above "from" and "to").
    """
    columns = [int(name) for name in frame.columns if name != ROW]
    rows = [list(row) for row in frame.drop(ROW).head(SEARCHED_ROWS).iter_rows()]
    found: HeaderMatch | None = None
    least = min(LEAST_COLUMNS, len(set(aliases.values())))
    for match in _candidates(rows, columns, aliases):
        if match.score >= least and (found is None or match.rank > found.rank):
            found = match
    return found


def _candidates(rows: list[list[str | None]], columns: list[int], aliases: Mapping[str, str]) -> Iterator[HeaderMatch]:
    for index, row in enumerate(rows):
        yield _match([[cell] if cell else [] for cell in row], index, index, columns, aliases)
        if index + 1 < len(rows):
            stacked = list(_stack(row, rows[index + 1]))
            yield _match(stacked, index, index + 1, columns, aliases)


def _stack(upper: list[str | None], lower: list[str | None]) -> Iterator[list[str]]:
    """Yield the headings to try for each column: both lines together, then each alone."""
    above = ""
    for over, under in zip(upper, lower, strict=True):
        above = over or (above if under else "")
        if over and under:
            yield [f"{over} {under}", under, over]
        elif under:
            yield [f"{above} {under}", under]
        else:
            yield [over] if over else []


def _match(
    headings: list[list[str]], first: int, last: int, columns: list[int], aliases: Mapping[str, str]
) -> HeaderMatch:
    fields: dict[str, int] = {}
    unknown: dict[int, str] = {}
    twice: dict[int, str] = {}
    for column, tries in zip(columns, headings, strict=True):
        name = next((aliases[key] for key in map(fold, tries) if key in aliases), None)
        if name is None:
            unknown.update({column: tries[0].strip()} if tries else {})
        elif name in fields:
            twice[column] = tries[0].strip()
        else:
            fields[name] = column
    return HeaderMatch(first + 1, last + 1, fields, unknown, twice)


def suggest(heading: str, missing: Collection[str], aliases: Mapping[str, str]) -> str | None:
    """Return the missing field that an unknown heading most resembles."""
    keys = [key for key, name in aliases.items() if name in missing]
    close = get_close_matches(fold(heading), keys, n=1, cutoff=CLOSE)
    return aliases[close[0]] if close else None
