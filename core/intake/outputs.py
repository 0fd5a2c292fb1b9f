"""Writes what the child found: rows and findings ready for COPY, both without header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from core.declare.frame import FINDINGS_SCHEMA
from core.intake.jobs import FINDINGS_FILE, ROWS_FILE
from core.intake.tables import ROW

if TYPE_CHECKING:
    from pathlib import Path

FINDING_COLUMNS = tuple(FINDINGS_SCHEMA)


def write_rows(typed: pl.DataFrame, message_id: str, output: Path) -> list[str]:
    """Write the canonical rows; return the names of the columns in the file's order.

    A column without any value is left out: the table's own null says the same.
    """
    fields = [name for name in typed.columns if name != ROW and typed.get_column(name).null_count() < typed.height]
    lines = typed.lazy().select(pl.lit(message_id).alias("message_id"), pl.col(ROW).alias("row_number"), *fields)
    lines.collect().write_csv(output / ROWS_FILE, include_header=False)
    return ["message_id", "row_number", *fields]


def write_findings(found: pl.DataFrame, output: Path) -> list[str]:
    """Write the findings; return the names of the columns in the file's order."""
    found.select(FINDING_COLUMNS).write_csv(output / FINDINGS_FILE, include_header=False)
    return list(FINDING_COLUMNS)


def count_by(found: pl.DataFrame, column: str) -> dict[str, Any]:
    """Return how many findings there are for each value of a column."""
    return dict(found.group_by(column).len().sort(column).iter_rows())
