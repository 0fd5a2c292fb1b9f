"""Makes a whole list canonical: raw text in, typed columns and findings out. Only the parsing child imports this.

No entry is lost: non-empty cells in = values + findings with a text out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from core.declare.columns import ScalarColumn, column_of
from core.declare.declaration import kinds_of
from core.declare.faults import FieldFault, get_fault
from core.declare.texts import BLANKS
from core.kernel.issues import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.declare.declaration import Row
    from core.declare.kinds import Kind

ROW = "row"
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
    columns = {name: column_of(kind) for name, kind in kinds.items()}
    first = texts.select(_first_way(column, name) for name, column in columns.items())
    settled = {name: _settle(columns[name], texts, first[name]) for name in kinds}
    missing = [_missing(name, kind) for name, kind in kinds.items() if kind.required and name not in raw.columns]
    typed = pl.DataFrame([texts[ROW], *(settled[name].values for name in kinds)])
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
        pl.col(name).cast(pl.String).str.strip_chars(BLANKS).replace("", None).alias(name)
        if name in raw.columns
        else pl.lit(None, dtype=pl.String).alias(name)
        for name in kinds
    ]
    texts = raw.select(pl.col(ROW).cast(pl.Int64), *stripped)
    return texts.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in kinds))


def _first_way(column: ScalarColumn, name: str) -> pl.Expr:
    ways = column.ways()
    return (ways[0](pl.col(name)) if ways else pl.lit(None)).cast(column.dtype).alias(name)


def _settle(column: ScalarColumn, texts: pl.DataFrame, values: pl.Series) -> _Settled:
    """Try the further ways on what is left, then the scalar check; note what is empty but required."""
    name = values.name
    text = texts[name]
    values = _try_ways(column, text, values)
    values, findings = _ask_scalar(column, texts, values)
    if column.kind.required:
        findings.append(_required(texts, name))
    elif (empty := column.kind.empty()) is not None:
        values = texts.select(pl.when(pl.col(name).is_null()).then(pl.lit(empty)).otherwise(values).alias(name))[name]
    return _Settled(values, findings)


def _try_ways(column: ScalarColumn, text: pl.Series, values: pl.Series) -> pl.Series:
    for way in column.ways()[1:]:
        left = (text.is_not_null() & values.is_null()).arg_true()
        if left.is_empty():
            break
        tried = text.gather(left).to_frame().select(way(pl.col(text.name)).cast(column.dtype)).to_series()
        values = values.scatter(left, tried)
    return values


def _ask_scalar(
    column: ScalarColumn, texts: pl.DataFrame, values: pl.Series
) -> tuple[pl.Series, list[pl.DataFrame]]:
    name = values.name
    left = (texts[name].is_not_null() & values.is_null()).arg_true()
    if left.is_empty():
        return values, []
    cells = pl.DataFrame({"row": texts[ROW].gather(left), "text": texts[name].gather(left)})
    answers = _answer(column, cells["text"].unique())
    joined = cells.join(answers, on="text", how="left", maintain_order="left")
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
