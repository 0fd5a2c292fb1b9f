"""What the child does: read a file or kept rows, make them canonical, apply the rules, write the outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from core.declare.declaration import kinds_of
from core.declare.frame import canonicalise, concat_findings
from core.declare.kinds.number import Number
from core.intake import existing, outputs, refusals
from core.intake.plans import CheckInput, XmlInput, load_plan
from core.intake.progress import Reporter
from core.intake.sniff import FileKind, sniff
from core.intake.table_rules import CELL_FAULTS
from core.intake.tables import ROW
from core.intake.unpacking import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.intake.jobs import ParseJob
    from core.intake.limits import Limits
    from core.intake.plans import IntakePlan


@dataclass(slots=True)
class _Source:
    """What came from the file or from the kept rows, before anything is interpreted."""

    raw: pl.DataFrame
    findings: list[pl.DataFrame] = field(default_factory=list)
    declaration: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    lost: pl.DataFrame | None = None
    places: pl.DataFrame | None = None


def do_job(job: ParseJob, limits: Limits) -> dict[str, Any]:
    """Return the summary; ``rows.csv`` and ``findings.csv`` lie in the job's output folder."""
    if job.task == "unpack":
        return unpack(job, limits)
    plan, report = load_plan(job.plan), Reporter(job.output).report
    source = _read_kept(job, plan) if job.task == "check" else _read_file(job, plan, limits, report)
    report("checking", 60)
    typed, faults = canonicalise(source.raw, plan.rows)
    counts = source.counts | _count(source.raw, typed, faults, plan)
    source.raw = pl.DataFrame()
    stated = _stated(job, plan, source)
    given = CheckInput(typed, {**job.declaration, **stated}, job.context, _last_year(job, plan))
    checked = plan.check(given)
    report("writing", 90)
    told = [_without_mistaken(one, faults, plan) for one in checked.findings]
    found = _without_echo(concat_findings([*source.findings, faults, *told]), source.lost)
    if source.places is not None:
        found = _with_places(found, source.places)
    summary = checked.summary | {
        "row_columns": outputs.write_rows(typed, job.message_id, job.output),
        "finding_columns": outputs.write_findings(found, job.output),
        "row_count": typed.height,
        "declaration": stated,
        "facts": dict(source.facts),
        "counts": counts | {"findings": found.height} | outputs.count_by(found, "severity"),
        "codes": outputs.count_by(found, "code"),
    }
    report("done", 100)
    return summary


def _stated(job: ParseJob, plan: IntakePlan, source: _Source) -> dict[str, Any]:
    """Return the scalar entries that the file states; ``None`` empties what an earlier file had stated."""
    if job.task == "check":
        return {}
    said = {name: value for name, value in source.declaration.items() if value not in {None, ""}}
    return dict.fromkeys(plan.from_file) | said


def _read_kept(job: ParseJob, plan: IntakePlan) -> _Source:
    raw = existing.read_rows(_path(job), plan.rows)
    if job.unread is not None:
        raw = existing.put_back_unread(raw, job.unread)
    return _Source(raw, facts={"kind": "kept"})


def _path(job: ParseJob) -> Path:
    if job.source is None:
        raise refusals.EmptyFile
    return job.source


def _read_file(job: ParseJob, plan: IntakePlan, limits: Limits, report: Callable[[str, int], None]) -> _Source:
    report("looking", 2)
    path = _path(job)
    kind = sniff(path, limits)
    report("reading", 5)
    if kind is FileKind.XML:
        return _read_xml(path, job, plan, limits, report)
    return _read_table(path, kind, job, plan, limits)


def _read_table(path: Path, kind: FileKind, job: ParseJob, plan: IntakePlan, limits: Limits) -> _Source:
    from core.intake import delimited, reading  # noqa: PLC0415 -- XML jobs need none of it

    if kind is FileKind.TEXT:
        found = reading.choose_table([delimited.read_text_table(path, limits)], plan, refusals.TextWithoutTable)
    else:
        from core.intake import sheets  # noqa: PLC0415 -- loads the workbook engine

        tables = sheets.read_sheets(path, limits, job.choices.get("sheet"))
        found = reading.choose_table(tables, plan, refusals.WorkbookWithoutTable)
    table = reading.compose(*found, plan, limits)
    facts = {"kind": str(kind), **table.facts}
    return _Source(table.raw, table.findings, table.stated, facts, table.counts, table.lost)


def _read_xml(
    path: Path, job: ParseJob, plan: IntakePlan, limits: Limits, report: Callable[[str, int], None]
) -> _Source:
    from core.intake.hardened_xml import check_prologue  # noqa: PLC0415 -- tables need no lxml

    with path.open("rb") as file:
        root = check_prologue(file)
    if plan.read_xml is None:
        raise refusals.UnknownXml(root=root.rpartition(" ")[2] or "?")
    read = plan.read_xml(XmlInput(path, root, limits, job.context, job.choices, report))
    facts = {"kind": "xml", **read.facts}
    cells = sum(read.raw.height - column.null_count() for column in read.raw.drop(ROW).iter_columns())
    return _Source(read.raw, list(read.findings), read.declaration, facts, {"cells": cells}, places=read.places)


def _count(raw: pl.DataFrame, typed: pl.DataFrame, faults: pl.DataFrame, plan: IntakePlan) -> dict[str, int]:
    """Return entries in, values out, faulty entries out: the first is the sum of the others.

    A tick that is empty counts as no value, although it is kept as "no".
    """
    kinds = {name: kind for name, kind in kinds_of(plan.rows).items() if name in raw.columns}
    dropped = raw.height - typed.height
    entries = values = 0
    for name, kind in kinds.items():
        empty = raw.get_column(name).null_count() - dropped
        entries += typed.height - empty
        ticked_by_nothing = empty if not kind.required and kind.empty() is not None else 0
        values += typed.height - typed.get_column(name).null_count() - ticked_by_nothing
    return {"entries": entries, "values": values, "faults": _unread(faults).height}


def _unread(faults: pl.DataFrame) -> pl.DataFrame:
    """Those faults where something was entered that could not be read."""
    return faults.filter(~pl.col("code").is_in(["required", "column_missing"]))


def _without_mistaken(found: pl.DataFrame, faults: pl.DataFrame, plan: IntakePlan) -> pl.DataFrame:
    """Leave out what rules say of a value that is there but was not read: for them it was empty.

    Amounts of a row are compared with each other, so one unread amount silences the rules on all of that row.
    """
    unread = _unread(faults).select(ROW, "field").drop_nulls().unique()
    if unread.is_empty() or found.is_empty():
        return found
    amounts = [name for name, kind in kinds_of(plan.rows).items() if isinstance(kind, Number)]
    rows = unread.filter(pl.col("field").is_in(amounts)).get_column(ROW).unique()
    on_amounts = pl.col(ROW).is_in(rows.implode()) & pl.col("field").is_in(amounts)
    rest = found.filter(~on_amounts.fill_null(value=False))
    return rest.join(unread, on=[ROW, "field"], how="anti", maintain_order="left")


def _without_echo(found: pl.DataFrame, lost: pl.DataFrame | None) -> pl.DataFrame:
    """Leave out what only repeats: "missing" in each row of a missing column, or in a cell whose fault was told."""
    columns = found.filter(pl.col("code") == "column_missing").get_column("field")
    on_row = pl.col(ROW).is_not_null()
    found = found.filter(~(on_row & pl.col("field").fill_null("").is_in(columns.implode())))
    if lost is None or lost.is_empty():
        return found
    told = pl.col("code").is_in(list(CELL_FAULTS))
    echo = found.filter(~told & pl.col("params").eq("{}")).join(lost, on=[ROW, "field"], how="semi")
    return found.join(echo.select(ROW, "field", "code"), on=[ROW, "field", "code"], how="anti", maintain_order="left")


def _with_places(found: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Add to the params of each finding on a row where in the file that row stands."""
    joined = found.join(places, on=ROW, how="left", maintain_order="left")
    place = pl.struct("place").struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")
    separator = pl.when(pl.col("params") == "{}").then(pl.lit("")).otherwise(pl.lit(", "))
    longer = pl.concat_str(pl.col("params").str.strip_suffix("}"), separator, place, pl.lit("}"))
    params = pl.when(pl.col("place").is_not_null()).then(longer).otherwise("params")
    return joined.with_columns(params.alias("params")).drop("place")


def _last_year(job: ParseJob, plan: IntakePlan) -> pl.DataFrame | None:
    path = job.context.get("last_year_rows")
    return existing.read_typed(Path(path), plan.rows) if path else None
