"""From a file to a frame of texts under the row model's field names, with findings on its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from core.declare.declaration import kinds_of
from core.declare.faults import FieldFault, get_fault
from core.declare.kinds.number import Number
from core.declare.spreadsheet import header_aliases
from core.declare.texts import fold
from core.intake import aside, findings, refusals, table_rules
from core.intake.headers import HeaderMatch, find_header, suggest
from core.intake.tables import ROW, letters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from core.intake.limits import Limits
    from core.intake.plans import IntakePlan
    from core.intake.tables import RawTable


@dataclass(frozen=True, slots=True)
class TableReading:
    """The raw frame (``row`` and one text column per field), what the file's form says, and its facts."""

    raw: pl.DataFrame
    findings: list[pl.DataFrame]
    facts: dict[str, Any]
    stated: dict[str, str]
    counts: dict[str, int]
    lost: pl.DataFrame


def choose_table(
    tables: Iterable[RawTable], plan: IntakePlan, refusal: type[refusals.FileRefused]
) -> tuple[RawTable, HeaderMatch]:
    """Return the table whose headings are understood best; the first one that lacks nothing wins at once."""
    aliases = header_aliases(plan.rows, plan.joined)
    best: tuple[RawTable, HeaderMatch] | None = None
    for table in tables:
        match = find_header(table.frame, aliases)
        if match is None or (best is not None and match.score <= best[1].score):
            continue
        best = (table, match)
        if not _missing(plan, match):
            break
    if best is None:
        raise refusal
    return best


def compose(table: RawTable, match: HeaderMatch, plan: IntakePlan, limits: Limits) -> TableReading:
    """Return the rows below the headings; every non-empty cell is a cell of the frame or counted as set aside."""
    below = table.frame.filter(pl.col(ROW) > match.last_row)
    cells = _count_cells(below)
    picked = below.select(ROW, *(pl.col(str(column)).alias(name) for name, column in match.fields.items()))
    unread = cells - _count_cells(picked)
    filled = aside.drop_blank(picked)
    apart = aside.find_aside(filled, _amounts(plan))
    kept = filled.filter(~pl.col(ROW).is_in(apart.rows)) if apart.rows else filled
    if kept.height > limits.rows:
        raise refusals.TooManyRows(limit=limits.rows)
    set_aside = _count_cells(filled) - _count_cells(kept)
    counts = {"cells": cells, "cells_in_unknown_columns": unread, "cells_set_aside": set_aside}
    lost, on_cells = _cell_findings(table, match)
    found = [*_column_findings(plan, match), *_aside_findings(apart), *_merge_findings(table, match), *on_cells]
    if kept.is_empty():
        found.append(findings.of_rule(table_rules.NO_ROWS))
    header = {"header_row": match.last_row, "first_header_row": match.first_row}
    facts = {**table.facts, **header, "columns": _places(match)}
    return TableReading(_derive(kept, plan), found, facts, _stated(apart, plan), counts, lost)


def _count_cells(frame: pl.DataFrame) -> int:
    return sum(frame.height - column.null_count() for column in frame.drop(ROW).iter_columns())


def _amounts(plan: IntakePlan) -> list[str]:
    return [name for name, kind in kinds_of(plan.rows).items() if isinstance(kind, Number)]


def _derive(frame: pl.DataFrame, plan: IntakePlan) -> pl.DataFrame:
    """Split joined columns into the fields that they hold."""
    return frame if plan.derive is None else plan.derive(frame)


def _missing(plan: IntakePlan, match: HeaderMatch) -> list[str]:
    filled = {name for column in match.fields for name in plan.fills.get(column, (column,))}
    kinds = kinds_of(plan.rows).items()
    return [name for name, kind in kinds if (kind.required or name in plan.expected) and name not in filled]


def _column_findings(plan: IntakePlan, match: HeaderMatch) -> list[pl.DataFrame]:
    kinds, aliases = kinds_of(plan.rows), header_aliases(plan.rows, plan.joined)
    missing = _missing(plan, match)
    fault = get_fault("column_missing")
    # Of required fields canonicalise tells it.
    found = [
        findings.single(fault.code, fault.severity, field=name, params={"label": kinds[name].label})
        for name in missing
        if not kinds[name].required
    ]
    absent = [name for name in kinds if name not in match.fields]
    for column, heading in match.unknown.items():
        meant = suggest(heading, missing or absent, aliases)
        params = {"heading": heading[:80], "column": letters(column)}
        if meant in kinds:
            params["label"] = kinds[meant].label
        rule = table_rules.COLUMN_RENAMED if meant in missing else table_rules.COLUMN_UNKNOWN
        found.append(findings.of_rule(rule, **params))
    for column, heading in match.twice.items():
        name = aliases.get(fold(heading))
        params = {"label": kinds[name].label if name in kinds else heading, "heading": heading[:80]}
        found.append(findings.of_rule(table_rules.COLUMN_TWICE, **params, column=letters(column)))
    return found


def _aside_findings(apart: aside.Aside) -> list[pl.DataFrame]:
    totals = [findings.of_rule(table_rules.TOTALS_ROW, number=number) for number in apart.total_rows]
    notes = [
        findings.of_rule(table_rules.NOTE_ROW, number=number, words=words[:80]) for number, words in apart.notes.items()
    ]
    return totals + notes


def _merge_findings(table: RawTable, match: HeaderMatch) -> list[pl.DataFrame]:
    read = set(match.fields.values())
    return [
        findings.single(
            table_rules.CELLS_MERGED.code, table_rules.CELLS_MERGED.severity, row=block.first_row,
            params={"range": block.address},
        )
        for block in table.merged
        if block.first_row > match.last_row and read.intersection(range(block.first_column, block.last_column + 1))
    ]  # fmt: skip


def _cell_findings(table: RawTable, match: HeaderMatch) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Return the cells without a value (``row``, ``field``), and a finding for each."""
    names = {column: name for name, column in match.fields.items()}
    faults = [fault for fault in table.faults if fault.row > match.last_row and fault.column in names]
    lost = pl.DataFrame(
        [(fault.row, names[fault.column]) for fault in faults],
        schema={ROW: pl.Int64, "field": pl.String}, orient="row",
    )  # fmt: skip
    found = [
        findings.single(
            fault.code, table_rules.CELL_FAULTS[fault.code].severity, row=fault.row, field=names[fault.column],
            params={"cell": f"{letters(fault.column)}{fault.row}", "text": fault.text[:200]},
        )
        for fault in faults
    ]  # fmt: skip
    return lost, found


def _places(match: HeaderMatch) -> dict[str, str]:
    return {name: letters(column) for name, column in match.fields.items()}


def _stated(apart: aside.Aside, plan: IntakePlan) -> dict[str, str]:
    """Return the totals that the file states, under the names of the scalar entries that take them."""
    kinds = kinds_of(plan.rows)
    found: dict[str, str] = {}
    for name, entry in plan.stated.items():
        try:
            value = kinds[name].clean(apart.totals.get(name))
        except FieldFault:
            continue
        if value is not None:
            found[entry] = kinds[name].to_text(value)
    return found
