"""Builds findings from frames: one line per place where a check was hit, its params as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from core.declare.frame import FINDINGS_SCHEMA, dump_params

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.kernel.issues import Rule, Scalar, Severity

CENTS = 100


def hits(frame: pl.DataFrame, where: pl.Expr, rule: Rule, field: str | None = None, **params: pl.Expr) -> pl.DataFrame:
    """Return one finding for each row of ``frame`` that fulfils ``where``; ``params`` are taken from that row."""
    chosen = frame.select(where.fill_null(value=False).alias("hit")).to_series()
    if not chosen.any():
        return none()
    named = [value.alias(name) for name, value in params.items()]
    row = pl.col("row") if "row" in frame.columns else pl.lit(None)
    return frame.filter(chosen).select(
        row.cast(pl.Int64).alias("row"),
        pl.lit(field, dtype=pl.String).alias("field"),
        pl.lit(rule.code).alias("code"),
        pl.lit(str(rule.severity)).alias("severity"),
        (pl.struct(named).struct.json_encode() if named else pl.lit("{}")).alias("params"),
    )


def single(
    code: str, severity: Severity, *, row: int | None = None, field: str | None = None,
    params: Mapping[str, Scalar] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Return one finding as a frame."""
    values = [(row, field, code, str(severity), dump_params(params or {}))]
    return pl.DataFrame(values, schema=FINDINGS_SCHEMA, orient="row")


def of_rule(rule: Rule, *, field: str | None = None, **params: Scalar) -> pl.DataFrame:
    """Return one finding of a rule that speaks of the whole declaration."""
    return single(rule.code, rule.severity, field=field, params=params)


def none() -> pl.DataFrame:
    """Return no finding."""
    return pl.DataFrame(schema=FINDINGS_SCHEMA)


def amount_text(cents: pl.Expr) -> pl.Expr:
    """Return whole cents as an amount with two decimals, the form that amounts have in params."""
    whole, rest = cents.abs() // CENTS, (cents.abs() % CENTS).cast(pl.String).str.zfill(2)
    sign = pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole.cast(pl.String), pl.lit("."), rest)


def show_cents(cents: int) -> str:
    """Return whole cents as an amount with two decimals."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // CENTS}.{abs(cents) % CENTS:02d}"
