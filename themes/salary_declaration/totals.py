"""What a salary list adds up to: per category, per canton, beside last year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from core.intake.findings import show_cents

if TYPE_CHECKING:
    from collections.abc import Mapping

CATEGORIES = ("ahv_income", "ahv_open", "alv_income", "alv_open", "alvz_income", "fak_income", "family_supplement")


@dataclass(frozen=True, slots=True)
class Sums:
    """Whole cents per category, in all and per canton (the rows without canton under ``""``), with persons."""

    totals: Mapping[str, int]
    cantons: Mapping[str, Mapping[str, int]]
    persons: int
    entries: int


def add_up(frame: pl.DataFrame, several: pl.DataFrame) -> Sums:
    """Return the sums of a frame with persons; a missing wage for family allowances is the AHV wage.

    ``several`` are the rows of persons with more than one row: only among them a person counts once.
    """
    more = several.group_by("canton").agg(pl.col("person").n_unique().cast(pl.Int64) - pl.len())
    doubled = dict(more.iter_rows())
    lines = (
        frame.lazy()
        .with_columns(pl.coalesce("fak_income", "ahv_income").alias("fak_income"))
        .group_by("canton")
        .agg(pl.len().cast(pl.Int64).alias("persons"), pl.col(CATEGORIES).sum())
        .sort("canton", nulls_last=True)
        .collect()
    )
    cantons = {
        line["canton"] or "": line | {"persons": line["persons"] + doubled.get(line["canton"], 0)}
        for line in lines.iter_rows(named=True)
    }
    totals = {name: sum(int(line[name]) for line in cantons.values()) for name in CATEGORIES}
    persons = frame.height - several.height + several.get_column("person").n_unique()
    return Sums(totals, cantons, persons, frame.height)


def summarise(sums: Sums, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``totals`` (amounts as text), ``breakdown`` (one line per canton), ``persons`` and ``last_year``."""
    totals = {name: show_cents(cents) for name, cents in sums.totals.items()}
    summary: dict[str, Any] = {
        "totals": {"persons": sums.persons, "entries": sums.entries, **totals},
        "breakdown": [_shown(canton, line) for canton, line in sums.cantons.items()],
        "persons": sums.persons,
    }
    if context.get("last_year_totals"):
        summary["last_year"] = {"period": context.get("last_year"), "totals": context["last_year_totals"]}
    return summary


def _shown(canton: str, line: Mapping[str, int]) -> dict[str, Any]:
    return {"canton": canton, "persons": line["persons"]} | {name: show_cents(line[name]) for name in CATEGORIES}
