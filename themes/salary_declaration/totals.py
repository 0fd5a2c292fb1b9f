"""What a salary list adds up to: per category, per canton, beside last year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from core.intake.findings import show_cents
from themes.salary_declaration.prepared import AMOUNTS, of_several_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

CATEGORIES = ("ahv_income", "ahv_open", "alv_income", "alv_open", "alvz_income", "fak_income", "family_supplement")


def summarise(frame: pl.DataFrame, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``totals`` (amounts as text), ``breakdown`` (one line per canton), ``persons`` and ``last_year``.

    ``frame`` comes from :func:`~themes.salary_declaration.prepared.with_persons`.
    """
    several = of_several_rows(frame)
    persons = frame.height - several.height + several.get_column("person").n_unique()
    totals = {name: show_cents(cents) for name, cents in sum_totals(frame).items()}
    summary: dict[str, Any] = {
        "totals": {"persons": persons, "entries": frame.height, **totals},
        "breakdown": [_shown(line) for line in sum_per_canton(frame)],
        "persons": persons,
    }
    if context.get("last_year_totals"):
        summary["last_year"] = {"period": context.get("last_year"), "totals": context["last_year_totals"]}
    return summary


def sum_totals(frame: pl.DataFrame) -> dict[str, int]:
    """Return the sum of each category in whole cents; a missing wage for family allowances is the AHV wage."""
    sums = frame.lazy().with_columns(_fak()).select(pl.col(AMOUNTS).sum()).collect().row(0, named=True)
    return {name: int(sums[name]) for name in CATEGORIES}


def sum_per_canton(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return one line per canton in whole cents, in order of the cantons; rows without canton come last."""
    lines = (
        frame.lazy().with_columns(_fak()).group_by("canton")
        .agg(pl.col("person").n_unique().alias("persons"), pl.col(CATEGORIES).sum())
        .sort("canton", nulls_last=True).collect()
    )  # fmt: skip
    return [line | {"canton": line["canton"] or ""} for line in lines.iter_rows(named=True)]


def _fak() -> pl.Expr:
    return pl.coalesce("fak_income", "ahv_income").alias("fak_income")


def _shown(line: dict[str, Any]) -> dict[str, Any]:
    return {name: show_cents(value) if name in CATEGORIES else value for name, value in line.items()}
