"""The line that names the columns is found among titles, in two lines, renamed and doubled."""

from __future__ import annotations

import polars as pl

from core.intake.headers import find_header, suggest

ALIASES = {
    "ahvnr": "number",
    "name": "name",
    "von": "first",
    "bis": "last",
    "beschaftigungsdauervon": "first",
    "lohn": "wage",
}


def frame_of(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=[str(place) for place in range(len(rows[0]))], orient="row")
    return frame.select(pl.int_range(1, pl.len() + 1).alias("row"), pl.all())


def test_header_below_titles() -> None:
    match = find_header(
        frame_of(("Fabrique SA", None, None), (None, None, None), ("AHV-Nr.", "NAME", "Lohn"), ("756", "x", "1")),
        ALIASES,
    )
    assert match is not None
    assert (match.first_row, match.last_row) == (3, 3)
    assert match.fields == {"number": 0, "name": 1, "wage": 2}


def test_header_over_two_lines() -> None:
    rows = (("AHVNr", "Name", "Beschäftigungsdauer", None), (None, None, "von", "bis"), ("756", "x", "1.1.", "2.2."))
    match = find_header(frame_of(*rows), ALIASES)
    assert match is not None
    assert (match.first_row, match.last_row) == (1, 2)
    assert match.fields == {"number": 0, "name": 1, "first": 2, "last": 3}


def test_unknown_and_doubled_columns_are_told() -> None:
    match = find_header(frame_of(("AHVNr", "Name", "Name", "Bonus", None)), ALIASES)
    assert match is not None
    assert match.unknown == {3: "Bonus"}
    assert match.twice == {2: "Name"}


def test_no_header_where_only_one_column_is_known() -> None:
    assert find_header(frame_of(("Name", "x"), ("y", "z")), ALIASES) is None


def test_renamed_column_is_suggested() -> None:
    assert suggest("Löhne", ["wage"], ALIASES) == "wage"
    assert suggest("Bemerkung", ["wage"], ALIASES) is None
