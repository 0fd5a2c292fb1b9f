"""Checks that compare rows with each other: overlaps, duplicates, several periods of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from core.intake.findings import amount_text, hits
from themes.salary_declaration import rules
from themes.salary_declaration.checks_rows import ceiling_for
from themes.salary_declaration.prepared import with_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from themes.salary_declaration.prepared import Prepared

ALWAYS = pl.lit(value=True)


def check_persons(given: Prepared) -> Iterator[pl.DataFrame]:
    """Yield the findings of checks 3 (overlap), 11 (duplicates within the list) and 16."""
    several = given.several
    if several.height:
        yield from _overlaps(several)
        yield from _one_number(several)
        yield from _reentry(given, several)
    yield from _two_numbers(given.frame)


def _overlaps(several: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Sorted by beginning, a period overlaps if one before it ends on or after its first day."""
    waged = several.filter(pl.col("ahv_income").is_not_null()).sort("person", "first", "row")
    earlier = waged.select(
        pl.all(),
        pl.col("until").cum_max().shift(1).over("person").alias("ended"),
        pl.col("row").shift(1).over("person").alias("other_row"),
    )
    yield hits(
        earlier, pl.col("first") <= pl.col("ended"), rules.PERIODS_OVERLAP, "period_from", other_row=pl.col("other_row")
    )


def _one_number(several: pl.DataFrame) -> Iterator[pl.DataFrame]:
    named = several.filter(pl.col("ahv_number").is_not_null()).with_columns(_name_key())
    mixed = named.filter(pl.col("named").n_unique().over("ahv_number") > 1).with_columns(
        pl.col("row").first().over("ahv_number").alias("first_row"),
        pl.col("named").first().over("ahv_number").alias("first_named"),
    )
    other = (pl.col("named") != pl.col("first_named")) & pl.col("named").is_not_null()
    yield hits(mixed, other, rules.NUMBER_TWICE, "ahv_number", other_row=pl.col("first_row"))


def _two_numbers(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    # Comparing hashes leaves few rows whose names are worth joining.
    name = pl.col("last_name").str.to_lowercase().hash() ^ pl.col("birth_date").hash()
    alike = frame.select("row", "ahv_number", "last_name", "first_name", "birth_date").filter(name.is_duplicated())
    numbered = alike.with_columns(_name_key()).drop_nulls(["ahv_number", "named"])
    mixed = numbered.filter(pl.col("ahv_number").n_unique().over("named") > 1).with_columns(
        pl.col("row").first().over("named").alias("first_row"),
        pl.col("ahv_number").first().over("named").alias("first_number"),
    )
    other = pl.col("ahv_number") != pl.col("first_number")
    yield hits(mixed, other, rules.PERSON_TWICE, "ahv_number", other_row=pl.col("first_row"))


def _name_key() -> pl.Expr:
    name = pl.concat_str(pl.col("last_name"), pl.col("first_name"), separator="|").str.to_lowercase()
    return pl.concat_str(name, pl.col("birth_date").dt.to_string("iso"), separator="|").alias("named")


def _reentry(given: Prepared, several: pl.DataFrame) -> Iterator[pl.DataFrame]:
    ceiling = given.figures.ceiling_year
    if ceiling is None:
        return
    sums = (
        with_days(several)
        .group_by("person", maintain_order=True)
        .agg(
            pl.col("row").last(),
            pl.col("alv_income").sum(),
            pl.col("days").filter(pl.col("ahv_income").is_not_null()).sum().clip(0, 360),
        )
    )
    limit = ceiling_for(pl.col("days"), ceiling)
    params = {"amount": amount_text(pl.col("alv_income")), "limit": amount_text(limit), "days": pl.col("days")}
    yield hits(sums, pl.col("alv_income") > limit, rules.CEILING_OF_REENTRY, "alv_income", **params)
