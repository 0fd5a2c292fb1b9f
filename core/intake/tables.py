"""A table as it stands in a file: text in numbered rows and columns, nothing interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

ROW = "row"


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that holds something no text can stand for: an error value, a formula without result."""

    row: int
    column: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CellRange:
    """A block of cells, both ends included; rows count from 1, columns from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        """The block as a spreadsheet names it, such as ``B3:D4``."""
        return f"{letters(self.first_column)}{self.first_row}:{letters(self.last_column)}{self.last_row}"


@dataclass(frozen=True, slots=True)
class RawTable:
    """One sheet or text file.

    ``frame`` has ``row`` (Int64, from 1, as the person sees it) and one text column per column of
    the source, named by its index from 0; blank rows are kept, empty cells are null.
    """

    frame: pl.DataFrame
    facts: dict[str, str | int] = field(default_factory=dict)
    faults: tuple[CellFault, ...] = ()
    merged: tuple[CellRange, ...] = ()


def letters(column: int) -> str:
    """Return a column's letters for its index: ``A`` for 0, ``AB`` for 27."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """Return a column's index for its letters: 0 for ``A``."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1
