"""Joins what an ELM file keeps apart: one row per AHV salary with the family-allowance salary beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from themes.salary_declaration.elm_persons import AVS_FIELDS, FAK_FIELDS, PERSON_FIELDS

if TYPE_CHECKING:
    from themes.salary_declaration.elm_persons import Persons

ALL_FIELDS = PERSON_FIELDS + AVS_FIELDS + FAK_FIELDS
# Without the places and institutions at their heads.
ROW_FIELDS = (*PERSON_FIELDS[2:], *AVS_FIELDS[2:], "family_supplement", "canton")


def build_rows(persons: Persons, ahv: str | None, fak: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``(raw, places)`` for the chosen institutions (``None``: whatever there is)."""
    rows = _of_plain(persons.plain.frame(), ahv, fak)
    people = persons.people.frame()
    if people.height:
        rows = pl.concat([rows, _of_others(persons, people, ahv, fak)])
        rows = rows.sort("person", pl.coalesce("index", "fak_index"), maintain_order=True)
    rows = rows.with_row_index("row", offset=1)
    number = pl.col("row").cast(pl.Int64)
    return rows.select(number, *ROW_FIELDS, _left_for_good(), _fak_income()), rows.select(number, _place())


def _of_plain(plain: pl.DataFrame, ahv: str | None, fak: str | None) -> pl.DataFrame:
    """Empty what speaks to another fund; who then has nothing left is no row."""
    for names, institution, chosen in ((AVS_FIELDS, "institution", ahv), (FAK_FIELDS, "fak_institution", fak)):
        if chosen is not None and not plain.select((pl.col(institution) == chosen).all()).item():
            plain = plain.with_columns(pl.when(pl.col(institution) == chosen).then(pl.col(name)) for name in names)
    return plain.filter(pl.col("index").is_not_null() | pl.col("fak_index").is_not_null()).select(ALL_FIELDS)


def _of_others(persons: Persons, people: pl.DataFrame, ahv: str | None, fak: str | None) -> pl.DataFrame:
    """Pair salaries of equal periods, then the rest in order; what is left over gets a row of its own."""
    avs, family = persons.avs.frame(), persons.fak.frame()
    if ahv is not None:
        avs = avs.filter(pl.col("institution") == ahv)
    if fak is not None:
        family = family.filter(pl.col("fak_institution") == fak)
    settled, avs, family = _pair_periods(avs, family)
    pairs = pl.concat([settled, *_pair_in_order(avs, family)])
    return people.join(pairs, on="person", how="inner", maintain_order="left").select(ALL_FIELDS)


def _pair_periods(avs: pl.DataFrame, family: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the pairs of equal periods, and what found no partner on either side."""
    days, fak_days = ["person", "period_from", "period_until"], ["person", "fak_from", "fak_until"]
    avs = avs.with_columns(nth=pl.int_range(pl.len()).over(days))
    family = family.with_columns(nth=pl.int_range(pl.len()).over(fak_days))
    beside = family.with_columns(_from="fak_from", _until="fak_until")
    pairs = avs.join(beside, left_on=[*days, "nth"], right_on=["person", "_from", "_until", "nth"], nulls_equal=True)
    lonely = avs.join(pairs, on=["person", "index"], how="anti", maintain_order="left")
    rest = family.join(pairs, on=["person", "fak_index"], how="anti", maintain_order="left")
    return _ordered(pairs), lonely, rest


def _pair_in_order(lonely: pl.DataFrame, rest: pl.DataFrame) -> list[pl.DataFrame]:
    """After a change of canton the periods differ: pair first with first; more cantons stand alone."""
    lonely = lonely.with_columns(nth=pl.int_range(pl.len()).over("person"))
    rest = rest.with_columns(nth=pl.int_range(pl.len()).over("person"))
    pairs = lonely.join(rest, on=["person", "nth"], how="left", maintain_order="left")
    alone = rest.join(lonely, on=["person", "nth"], how="anti", maintain_order="left").with_columns(
        period_from="fak_from", period_until="fak_until"
    )
    empty = lonely.clear().drop("person", "nth", "period_from", "period_until")
    return [_ordered(pairs), _ordered(pl.concat([alone, empty], how="diagonal"))]


def _ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select("person", *AVS_FIELDS, *FAK_FIELDS)


def _left_for_good() -> pl.Expr:
    return pl.when(pl.col("exit_date").is_not_null()).then(pl.lit("true")).alias("exit_final")


def _fak_income() -> pl.Expr:
    """Without a family-allowance salary the wage is 0.00; an empty field would mean "as the AHV wage"."""
    return pl.when(pl.col("fak_index").is_null()).then(pl.lit("0.00")).otherwise("fak_income").alias("fak_income")


def _place() -> pl.Expr:
    salary = pl.when(pl.col("index").is_not_null()).then(
        pl.format("/AHV-AVS-Salaries/AHV-AVS-Salary[{}]", pl.col("index"))
    )
    path = pl.format("line {}: Company/Staff/Person[{}]", pl.col("line"), pl.col("person"))
    other = pl.format("/FAK-CAF-Salaries/FAK-CAF-Salary[{}]", pl.col("fak_index"))
    return pl.concat_str(path, salary.otherwise(other)).alias("place")
