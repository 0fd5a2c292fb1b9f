"""The frame that the checks look at: amounts in whole cents, periods with both ends, one key per person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from themes.salary_declaration.figures import Figures, figures_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.intake.plans import CheckInput
    from themes.salary_declaration.totals import Sums

AMOUNTS = (
    "ahv_income", "ahv_open", "previous_income", "alv_income", "alv_open", "alvz_income", "fak_income",
    "family_supplement",
)  # fmt: skip
MONTHS = 12
DAYS_IN_MONTH = 30
DAYS_IN_YEAR = 360


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the checks look at.

    ``frame`` has a row's fields with amounts in whole cents, ``person`` (who it is), ``first`` and ``until``
    (days). ``several`` are the rows of persons who have more than one.
    """

    frame: pl.DataFrame
    several: pl.DataFrame
    sums: Sums
    figures: Figures
    year: int
    declaration: Mapping[str, Any]
    context: Mapping[str, Any]
    last_year: pl.DataFrame | None


def prepare(given: CheckInput, frame: pl.DataFrame, several: pl.DataFrame, sums: Sums) -> Prepared | None:
    """Return what the checks look at, from :func:`with_persons`; nothing if the accounting year is not known yet."""
    year = year_of(given)
    if year is None:
        return None
    figures = figures_of(given.context.get("parameters", ()), year)
    last = None if given.last_year is None else with_persons(given.last_year)
    frame, several = _with_ends(frame, year), _with_ends(several, year)
    return Prepared(frame, several, sums, figures, year, given.declaration, given.context, last)


def year_of(given: CheckInput) -> int | None:
    """Return the accounting year of the declaration, else that of the message."""
    text = str(given.declaration.get("year") or given.context.get("period") or "")
    return int(text) if text.isdigit() and len(text) == 4 else None  # noqa: PLR2004 -- digits of a year


def with_persons(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its amounts as whole cents and ``person``: the AHV number, else names and birth date."""
    named = pl.concat_str("last_name", "first_name", pl.col("birth_date").dt.to_string("iso"), separator="|")
    known = pl.col("ahv_number")
    if frame.get_column("ahv_number").null_count():
        known = pl.coalesce(known, named)
    return frame.with_columns(pl.col(AMOUNTS).to_physical().cast(pl.Int64), known.alias("person"))


def of_several_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of persons who have more than one; hardly anybody has."""
    return frame.filter(pl.col("person").is_duplicated() & pl.col("person").is_not_null())


def _with_ends(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    return frame.with_columns(
        pl.col("period_from").fill_null(date(year, 1, 1)).alias("first"),
        pl.col("period_until").fill_null(date(year, 12, 31)).alias("until"),
    )


def with_days(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``days``: of the period in a year of twelve months of thirty days; the last of a month counts as the 30th."""
    first = pl.min_horizontal(pl.col("first").dt.day(), pl.lit(DAYS_IN_MONTH))
    is_month_end = pl.col("until") == pl.col("until").dt.month_end()
    until = pl.when(is_month_end).then(DAYS_IN_MONTH).otherwise(pl.col("until").dt.day())
    months = _month(pl.col("until")) - _month(pl.col("first"))
    days = (months * DAYS_IN_MONTH + until - first + 1).clip(0, DAYS_IN_YEAR)
    return frame.with_columns(days.cast(pl.Int64).alias("days"))


def of_age(given: Prepared) -> pl.DataFrame:
    """Return the rows that the reference age can concern.

    They have ``reached``, ``first_month`` and ``last_month``, all in months since year 0; ``reached`` is
    null where no figure is known for that birth.
    """
    months = [step.months for steps in given.figures.ages.values() for step in steps]
    youngest = given.year - min(months, default=0) // MONTHS
    possible = (pl.col("birth_date").dt.year() <= youngest) | (pl.col("ahv_open") > 0)
    rows = given.frame.filter(possible) if months else given.frame.clear()
    return rows.with_columns(
        _month(pl.col("first")).alias("first_month"),
        _month(pl.col("until")).alias("last_month"),
        (_month(pl.col("birth_date")) + _reference_months(given.figures)).alias("reached"),
    )


def _month(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int32) * MONTHS + day.dt.month() - 1


def _reference_months(figures: Figures) -> pl.Expr:
    found = pl.lit(None, dtype=pl.Int32)
    for sex, steps in figures.ages.items():
        for step in steps:
            born = pl.col("birth_date").is_between(pl.lit(step.first), pl.lit(step.last))
            found = pl.when((pl.col("sex") == sex) & born).then(pl.lit(step.months, dtype=pl.Int32)).otherwise(found)
    return found
