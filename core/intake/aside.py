"""Sets apart what stands in a table without being a row: blank rows, totals, remarks below."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from core.declare.texts import fold
from core.intake.tables import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TOTAL_WORDS = ("total", "totaux", "summe", "gesamt", "zwischentotal", "somme", "somma", "sum", "subtotal")
LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows that are none: the last totals row by field, the numbers of all of them, remarks by row."""

    totals: Mapping[str, str] = field(default_factory=dict)
    total_rows: tuple[int, ...] = ()
    notes: Mapping[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[int]:
        """Every row to leave out."""
        return [*self.total_rows, *self.notes]


def drop_blank(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that hold anything; a blank one only counts in the numbering."""
    return frame.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))


def find_aside(frame: pl.DataFrame, amounts: Sequence[str]) -> Aside:
    """Return the totals and remarks among rows that hold at most one entry besides amounts.

    ``frame`` has no blank rows. A totals row is one that says so, or a last one of amounts alone.
    """
    words = [name for name in frame.columns if name not in {ROW, *amounts}]
    if not words or frame.is_empty():
        return Aside()
    told = pl.sum_horizontal(pl.col(name).is_not_null() for name in words)
    last = int(frame.get_column(ROW)[-1])
    full = frame.lazy().filter(told > 1).select(pl.col(ROW).last()).collect().item()
    sparse = frame.filter(told <= 1).tail(LOOKED_AT)
    return _sort_out(list(sparse.iter_rows(named=True)), words, last, full or 0)


def _sort_out(rows: list[dict[str, str | None]], words: Sequence[str], last: int, full: int) -> Aside:
    totals: dict[str, str] = {}
    total_rows: list[int] = []
    notes: dict[int, str] = {}
    for number, label, amounts in _split(rows, words):
        if amounts and (_says_total(label) or (not label and number == last)):
            totals = amounts
            total_rows.append(number)
        elif label and not amounts and number > full > 0:
            notes[number] = label
    return Aside(totals, tuple(total_rows), notes)


def _split(rows: list[dict[str, str | None]], words: Sequence[str]) -> Iterator[tuple[int, str, dict[str, str]]]:
    for row in rows:
        number = int(row.pop(ROW) or 0)
        label = next((text for name in words if (text := row.get(name))), "")
        yield number, label, {name: text for name, text in row.items() if text and name not in words}


def _says_total(label: str) -> bool:
    return fold(label).startswith(TOTAL_WORDS)
