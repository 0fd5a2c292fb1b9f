"""Joins what an ELM file keeps apart: one row per AHV salary with the family-allowance salary beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from themes.salary_declaration.elm_persons import AVS_FIELDS, FAK_FIELDS, PERSON_FIELDS

if TYPE_CHECKING:
    from themes.salary_declaration.elm_persons import Persons

PAIRED = ("fak_income", "family_supplement", "canton")


def build_rows(persons: Persons, ahv: str | None, fak: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``(raw, places)`` for the chosen institutions (``None``: whatever there is)."""
    avs = _of_institution(persons.avs.frame(), ahv)
    family = _of_institution(persons.fak.frame(), fak)
    rows = _pair(avs, family).join(persons.people.frame(), on="person", how="left", maintain_order="left")
    rows = rows.sort("person", "order", maintain_order=True).with_row_index("row", offset=1)
    rows = rows.with_columns(pl.col("row").cast(pl.Int64), _left_for_good())
    fields = [name for name in (*PERSON_FIELDS, *AVS_FIELDS, *PAIRED) if name != "line"]
    return rows.select("row", *fields, "exit_final"), rows.select("row", _place().alias("place"))


def _of_institution(salaries: pl.DataFrame, institution: str | None) -> pl.DataFrame:
    return salaries if institution is None else salaries.filter(pl.col("institution") == institution)


def _pair(avs: pl.DataFrame, family: pl.DataFrame) -> pl.DataFrame:
    """Pair the n-th salaries of a person where their periods are equal; what is left over gets a row of its own.

    Almost always one stands beside one. An AHV salary without partner says 0.00 for family allowances,
    because an empty field would mean "as the AHV wage".
    """
    avs = avs.with_columns(nth=pl.col("index").rank("ordinal").over("person", "period_from", "period_until"))
    family = family.with_columns(nth=pl.col("index").rank("ordinal").over("person", "fak_from", "fak_until"))
    same = ["person", "period_from", "period_until", "nth"]
    beside = family.select("person", "nth", *FAK_FIELDS, fak_index="index")
    paired = avs.join(
        beside, left_on=same, right_on=["person", "fak_from", "fak_until", "nth"], how="left", nulls_equal=True,
        maintain_order="left",
    )  # fmt: skip
    lonely = paired.filter(pl.col("fak_index").is_null())
    rest = beside.join(
        paired.filter(pl.col("fak_index").is_not_null()), on=["person", "fak_index"], how="anti", maintain_order="left"
    )
    settled = paired.filter(pl.col("fak_index").is_not_null())
    second, alone = _pair_by_order(lonely.drop("fak_index", *PAIRED), rest)
    columns = ["person", "order", "index", *AVS_FIELDS, *PAIRED]
    parts = [part.with_columns(order=pl.coalesce("index", "fak_index")) for part in (settled, second, alone)]
    return pl.concat([part.select(_known(part, columns)) for part in parts])


def _pair_by_order(lonely: pl.DataFrame, rest: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pair what has other periods (a change of canton) in order; more cantons than salaries stand alone."""
    lonely = lonely.with_columns(place=pl.int_range(pl.len()).over("person"))
    rest = rest.with_columns(place=pl.int_range(pl.len()).over("person"))
    paired = lonely.join(rest, on=["person", "place"], how="left", maintain_order="left").with_columns(
        pl.when(pl.col("fak_index").is_null()).then(pl.lit("0.00")).otherwise("fak_income").alias("fak_income")
    )
    alone = rest.join(lonely, on=["person", "place"], how="anti", maintain_order="left").with_columns(
        period_from="fak_from", period_until="fak_until", index=pl.lit(None, dtype=pl.Int64)
    )
    return paired, alone


def _known(part: pl.DataFrame, columns: list[str]) -> list[pl.Expr]:
    kinds = {"person": pl.Int64, "order": pl.Int64, "index": pl.Int64}
    return [
        pl.col(name).cast(kinds.get(name, pl.String))
        if name in part.columns
        else pl.lit(None, dtype=kinds.get(name, pl.String)).alias(name)
        for name in columns
    ]


def _left_for_good() -> pl.Expr:
    return pl.when(pl.col("exit_date").is_not_null()).then(pl.lit("true")).alias("exit_final")


def _place() -> pl.Expr:
    salary = pl.when(pl.col("index").is_not_null()).then(
        pl.format("/AHV-AVS-Salaries/AHV-AVS-Salary[{}]", pl.col("index"))
    )
    path = pl.format("line {}: Company/Staff/Person[{}]", pl.col("line"), pl.col("person"))
    return pl.concat_str(path, salary.otherwise(pl.lit("/FAK-CAF-Salaries")))
