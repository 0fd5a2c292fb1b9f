"""Takes rows that are already kept back into the raw form, so that they are checked like a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from core.declare.declaration import kinds_of
from core.declare.frame import canonicalise
from core.declare.kinds.choice import Boolean
from core.intake.tables import ROW

if TYPE_CHECKING:
    from pathlib import Path

    from core.declare.declaration import Row

STORED = "row_number"


def read_rows(path: Path, model: type[Row]) -> pl.DataFrame:
    """Return the raw frame of a CSV with header that COPY wrote."""
    frame = pl.read_csv(path, infer_schema=False)
    ticks = [name for name, kind in kinds_of(model).items() if isinstance(kind, Boolean) and name in frame.columns]
    # COPY writes booleans as t and f, words that people do not use.
    words = [pl.col(name).replace({"t": "true", "f": "false"}) for name in ticks]
    return frame.rename({STORED: ROW}).with_columns(pl.col(ROW).cast(pl.Int64), *words)


def put_back_unread(raw: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Return the raw frame with the texts that no column could hold, where no value stands now."""
    unread = pl.read_csv(path, infer_schema=False).rename({STORED: ROW}).with_columns(pl.col(ROW).cast(pl.Int64))
    for (name,), cells in unread.group_by("field"):
        if name not in raw.columns:
            continue
        texts = cells.select(ROW, pl.col("value").alias("_unread")).unique(ROW, keep="last")
        raw = raw.join(texts, on=ROW, how="left", maintain_order="left")
        raw = raw.with_columns(pl.coalesce(str(name), "_unread").alias(str(name))).drop("_unread")
    return raw


def read_typed(path: Path, model: type[Row]) -> pl.DataFrame:
    """Return the typed frame of rows that were kept; they were canonical when they were."""
    return canonicalise(read_rows(path, model), model)[0]
