"""How the columns of a salary list are headed in the world, and how joined columns are taken apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import polars as pl

NAME = "name"
PERIOD = "period"
JOINED = {
    NAME: (
        "Name", "Name, Vorname", "Name Vorname", "Name und Vorname", "Mitarbeiter", "Mitarbeitende", "Arbeitnehmer",
        "Nom, Prénom", "Nom Prénom", "Nom et prénom", "Noms et prénoms", "Collaborateur", "Employé", "Salarié",
        "Cognome, Nome", "Cognome Nome", "Cognome e nome", "Collaboratore", "Dipendente",
        "Last name, first name", "Full name", "Employee", "Employee name",
    ),
    PERIOD: (
        "Beschäftigungsdauer", "Beschäftigungsdauer von/bis", "von/bis", "von bis", "Lohnperiode", "Zeitraum",
        "Période", "Période de travail", "Durée d'occupation", "du/au", "du au", "de/à",
        "Periodo", "Periodo di lavoro", "Durata dell'occupazione", "dal/al", "dal al", "Period", "from/to", "from to",
    ),
}  # fmt: skip
FILLS = {NAME: ("last_name", "first_name"), PERIOD: ("period_from", "period_until")}
DAY = r"^[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}( 00:00:00)?$|^[3-5][0-9]{4}$"
LAST_WORD = r"^\s*(.*\S)\s+(\S+)\s*$"
_A_DAY = r"([0-9.\-/]{6,10}(?: 00:00:00)?)?"
BETWEEN_DAYS = rf"^\s*(?:von|du|dal|from|ab|dès le)?\s*{_A_DAY}\s*(?:-|–|—|bis|au|al|to|until|/|\s)\s*{_A_DAY}\s*$"


def derive(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with joined columns split into their fields; nothing of the text is dropped.

    A name is cut at its first comma, else at its last blank ("Muster Beat": last name first). A period
    that does not look like two days stays whole in ``period_from``, where it is found unreadable. A
    date in the column for the tick "has left" is the date of the exit.
    """
    frame = _settle_names(frame)
    for name, fields in FILLS.items():
        if name in frame.columns:
            first, second = _split_name() if name == NAME else _split_period()
            frame = _fill(frame, fields[0], first)
            frame = _fill(frame, fields[1], second).drop(name)
    return _move_exit_dates(frame)


def split_entries(entries: Mapping[str, str], columns: Collection[str]) -> dict[str, str]:
    """Do for one pasted row what :func:`derive` does for a frame; ``columns`` are those of the table."""
    found, named = dict(entries), set(columns)
    if {NAME, "first_name"} <= named and "last_name" not in named:
        _rename(found, NAME, "last_name")
    elif "last_name" in named and not named & {NAME, "first_name"}:
        _rename(found, "last_name", NAME)
    for name, cut in ((NAME, _cut_name), (PERIOD, _cut_period)):
        if name in found:
            parts = zip(FILLS[name], cut(found.pop(name)), strict=True)
            found = {field: text for field, text in parts if text} | found
    if "exit_final" in named and "exit_date" not in named and re.search(DAY, found.get("exit_final", "")):
        found |= {"exit_date": found["exit_final"], "exit_final": "x"}
    return found


def _rename(entries: dict[str, str], old: str, new: str) -> None:
    if old in entries:
        entries[new] = entries.pop(old)


def _cut_name(text: str) -> tuple[str, str]:
    last, comma, first = text.partition(",")
    found = None if comma else re.search(LAST_WORD, text)
    return (found[1], found[2]) if found else (last, first)


def _cut_period(text: str) -> tuple[str, str]:
    found = re.search(BETWEEN_DAYS, text)
    return (found[1] or "", found[2] or "") if found else (text, "")


def _settle_names(frame: pl.DataFrame) -> pl.DataFrame:
    """Take "name" beside "first name" as the last name; a last name without a column for the first holds both."""
    columns = set(frame.columns)
    if NAME in columns and "first_name" in columns and "last_name" not in columns:
        return frame.rename({NAME: "last_name"})
    if NAME not in columns and "last_name" in columns and "first_name" not in columns:
        return frame.rename({"last_name": NAME})
    return frame


def _move_exit_dates(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415 -- see below

    if "exit_final" not in frame.columns or "exit_date" in frame.columns:
        return frame
    text = pl.col("exit_final")
    is_day = text.str.contains(DAY)
    if not frame.select(is_day.any()).item():
        return frame
    return frame.with_columns(
        pl.when(is_day).then(text).alias("exit_date"),
        pl.when(is_day).then(pl.lit("x")).otherwise(text).alias("exit_final"),
    )


def _fill(frame: pl.DataFrame, field: str, text: pl.Expr) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415 -- the theme's columns are known to the web process, polars is not

    own = [pl.col(field)] if field in frame.columns else []
    return frame.with_columns(pl.coalesce(*own, text).alias(field))


def _split_name() -> tuple[pl.Expr, pl.Expr]:
    import polars as pl  # noqa: PLC0415 -- see above

    text = pl.col(NAME)
    comma = text.str.splitn(",", 2).struct
    last, first = comma.field("field_0"), comma.field("field_1")
    # Regular expressions only look at the names without a comma.
    bare = pl.when(first.is_null()).then(text)
    return pl.coalesce(bare.str.extract(LAST_WORD, 1), last), pl.coalesce(first, bare.str.extract(LAST_WORD, 2))


def _split_period() -> tuple[pl.Expr, pl.Expr]:
    import polars as pl  # noqa: PLC0415 -- see above

    text = pl.col(PERIOD)
    two = text.str.contains(BETWEEN_DAYS)
    return pl.when(two).then(text.str.extract(BETWEEN_DAYS, 1)).otherwise(text), text.str.extract(BETWEEN_DAYS, 2)
