"""Makes a whole list canonical: raw text in, typed columns and findings out. Only the parsing child imports this.

No entry is lost: non-empty cells in = values + findings with a text out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from core.declare.columns import ScalarColumn, Way, column_of
from core.declare.declaration import kinds_of
from core.declare.faults import FieldFault, get_fault
from core.declare.texts import BLANKS
from core.kernel.issues import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.declare.declaration import Row
    from core.declare.kinds import Kind

ROW = "row"
SAMPLE = 100
FINDINGS_SCHEMA: dict[str, pl.DataType] = {
    "row": pl.Int64(),
    "field": pl.String(),
    "code": pl.String(),
    "severity": pl.String(),
    "params": pl.String(),
}


@dataclass(frozen=True, slots=True)
class _Settled:
    values: pl.Series
    findings: list[pl.DataFrame]


def canonicalise(raw: pl.DataFrame, model: type[Row]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``(typed, findings)`` of a raw frame with ``row`` (Int64) and one text column per field.

    ``typed`` has ``row`` and the canonical columns in declared order, null where the cell was empty
    or faulty; rows without any entry are left out. ``findings`` has the columns of
    ``FINDINGS_SCHEMA`` in order of rows; the params of a faulty cell hold its ``text``. A required
    field without column gives one finding without row. Other columns of ``raw`` are ignored.
    """
    kinds = kinds_of(model)
    texts = _strip(raw, kinds)
    columns = {name: column_of(kind) for name, kind in kinds.items() if name in raw.columns}
    ways = {name: _order_ways(column, texts[name]) for name, column in columns.items()}
    first = texts.select(ROW, *(_first(ways[name], column, name) for name, column in columns.items()))
    first = first.select(column.within(pl.col(name)).alias(name) for name, column in columns.items())
    settled = {name: _settle(column, texts, first[name], ways[name]) for name, column in columns.items()}
    missing = [_missing(name, kind) for name, kind in kinds.items() if kind.required and name not in raw.columns]
    values = [settled[name].values if name in settled else _absent(kind, name, texts) for name, kind in kinds.items()]
    typed = pl.DataFrame([texts[ROW], *values])
    findings = [frame for one in settled.values() for frame in one.findings]
    return typed, concat_findings([*missing, *findings])


def concat_findings(findings: list[pl.DataFrame]) -> pl.DataFrame:
    """Return findings together, in order of rows; those of the whole list come first."""
    return pl.concat([pl.DataFrame(schema=FINDINGS_SCHEMA), *findings]).sort("row", maintain_order=True)


def dump_params(params: Mapping[str, Any]) -> str:
    """Return a finding's params as the JSON text of its column."""
    return json.dumps(params, ensure_ascii=False, default=str)


def dtypes_of(model: type[Row]) -> dict[str, pl.DataType]:
    """Return the types of a typed frame: ``row`` and the columns in declared order."""
    return {ROW: pl.Int64(), **{name: column_of(kind).dtype for name, kind in kinds_of(model).items()}}


def _strip(raw: pl.DataFrame, kinds: Mapping[str, Kind[Any]]) -> pl.DataFrame:
    """Return the fields' texts without blanks around them, empty ones null, rows without entry left out."""
    stripped = [
        _nothing_to_null(pl.col(name).cast(pl.String).str.strip_chars(BLANKS)).alias(name)
        for name in kinds
        if name in raw.columns
    ]
    texts = raw.select(pl.col(ROW).cast(pl.Int64), *stripped)
    return texts.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null())) if stripped else texts.clear()


def _absent(kind: Kind[Any], name: str, texts: pl.DataFrame) -> pl.Series:
    """Return the values of a column that the list does not have."""
    empty = None if kind.required else kind.empty()
    return pl.repeat(empty, texts.height, dtype=column_of(kind).dtype, eager=True).alias(name)


def _nothing_to_null(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.len_bytes() > 0).then(text)


def _order_ways(column: ScalarColumn, texts: pl.Series) -> list[Way]:
    """Return the ways, the one first that settles most of the column's first entries."""
    sample = texts.drop_nulls().head(SAMPLE).to_frame()
    ways = list(column.ways())
    if len(ways) > 1 and not sample.is_empty():
        ways.sort(key=lambda way: _try_way(way, column, sample).null_count())
    return ways


def _try_way(way: Way, column: ScalarColumn, texts: pl.DataFrame) -> pl.Series:
    name = texts.columns[0]
    tried = texts.select(_apply(way, column, name))
    return tried.select(column.within(pl.col(name)).alias(name)).to_series()


def _apply(way: Way, column: ScalarColumn, name: str) -> pl.Expr:
    return way(pl.col(name)).cast(column.dtype).alias(name)


def _first(ways: list[Way], column: ScalarColumn, name: str) -> pl.Expr:
    return _apply(ways[0] if ways else _no_way, column, name)


def _no_way(text: pl.Expr) -> pl.Expr:
    return pl.when(text.is_null()).then(text)


def _settle(column: ScalarColumn, texts: pl.DataFrame, values: pl.Series, ways: list[Way]) -> _Settled:
    """Try the further ways on what is left, then the scalar check; note what is empty but required."""
    text = texts[values.name]
    for way in ways[1:]:
        left = _left(text, values)
        if left.is_empty():
            break
        values = values.scatter(left, _try_way(way, column, text.gather(left).to_frame()))
    values, findings = _ask_scalar(column, texts, values)
    if column.kind.required:
        findings.append(_required(texts, text.name))
    elif (empty := column.kind.empty()) is not None:
        values = values.zip_with(text.is_not_null(), pl.repeat(empty, len(text), dtype=column.dtype, eager=True))
    return _Settled(values, findings)


def _left(text: pl.Series, values: pl.Series) -> pl.Series:
    """Return the places of the cells that nothing has settled yet."""
    return (text.is_not_null() & values.is_null()).arg_true()


def _ask_scalar(column: ScalarColumn, texts: pl.DataFrame, values: pl.Series) -> tuple[pl.Series, list[pl.DataFrame]]:
    name = values.name
    left = _left(texts[name], values)
    if left.is_empty():
        return values, []
    cells = pl.DataFrame({"row": texts[ROW].gather(left), "text": texts[name].gather(left)})
    joined = cells.join(_answer(column, cells["text"].unique()), on="text", how="left", maintain_order="left")
    faulty = joined.filter(pl.col("code").is_not_null())
    return values.scatter(left, joined["value"]), [_findings(faulty, name)]


def _answer(column: ScalarColumn, distinct: pl.Series) -> pl.DataFrame:
    """Return the scalar check's answer to each distinct text."""
    answers: list[tuple[str, Any, str | None, str | None]] = []
    for text in distinct:
        try:
            answers.append((text, column.store(column.kind.read(text)), None, None))
        except FieldFault as fault:
            answers.append((text, None, fault.code, dump_params({"text": text, **fault.params})))
    schema = {"text": pl.String(), "value": column.dtype, "code": pl.String(), "params": pl.String()}
    return pl.DataFrame(answers, schema=schema, orient="row")


def _findings(cells: pl.DataFrame, field: str) -> pl.DataFrame:
    return cells.select(
        "row",
        field=pl.lit(field),
        code="code",
        severity=pl.lit(str(Severity.BLOCK)),
        params="params",
    )


def _required(texts: pl.DataFrame, name: str) -> pl.DataFrame:
    empty = texts.filter(pl.col(name).is_null())
    return _findings(empty.select("row", code=pl.lit("required"), params=pl.lit("{}")), name)


def _missing(name: str, kind: Kind[Any]) -> pl.DataFrame:
    fault = get_fault("column_missing")
    params = dump_params({"label": kind.label})
    values = [(None, name, fault.code, str(fault.severity), params)]
    return pl.DataFrame(values, schema=FINDINGS_SCHEMA, orient="row")
