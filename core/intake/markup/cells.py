"""Addresses of cells: ``B3`` and (3, 2), rows and columns counted from 1."""

from __future__ import annotations

import re

Place = tuple[int, int]

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def column_letters(column: int) -> str:
    """Return ``A`` for 1, ``AA`` for 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(place: Place) -> str:
    """Return ``B3`` for row 3, column 2."""
    return f"{column_letters(place[1])}{place[0]}"


def parse_address(text: str) -> Place | None:
    """Return row and column of ``B3`` or ``$B$3``; nothing for anything else."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    place = (int(found[2]), column)
    return place if is_within_grid(place) else None


def is_within_grid(place: Place) -> bool:
    """Whether a spreadsheet has such a cell."""
    return 1 <= place[0] <= MAX_ROW and 1 <= place[1] <= MAX_COLUMN


def quoted_reference(sheet: str, place: Place) -> str:
    """Return ``'My sheet'!B3``, as links and names write it."""
    return "'{}'!{}".format(sheet.replace("'", "''"), address(place))
