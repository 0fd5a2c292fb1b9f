"""Dated figures and jobs for tests of the salary declaration."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.declare.declaration import kinds_of
from core.intake.jobs import FINDINGS_FILE, ROWS_FILE, ParseJob, ParseResult
from core.intake.limits import Limits
from core.intake.pipeline import do_job
from core.intake.runner import run_child
from themes.salary_declaration.rows import SalaryRow

if TYPE_CHECKING:
    from pathlib import Path


PLAN = "themes.salary_declaration.plan:PLAN"
MESSAGE = "01939d3c-0000-7000-8000-000000000001"


def figure(key: str, value: str, first: str | None = None, last: str | None = None) -> dict[str, str | None]:
    """Return one dated figure as plain data."""
    return {"key": key, "value": value, "valid_from": first, "valid_to": last}


FIGURES = [
    figure("ahv.duty_after_birthday", "17"),
    figure("ahv.minor_wage_year", "2300", "2011-01-01", "2024-12-31"),
    figure("ahv.minor_wage_year", "2500", "2025-01-01"),
    figure("ahv.pensioner_allowance_month", "1400"),
    figure("alv.ceiling_year", "148200", "2016-01-01"),
    figure("alv.solidarity_percent", "1", "2011-01-01", "2022-12-31"),
    figure("alv.solidarity_percent", "0", "2023-01-01"),
    figure("ahv.reference_age_months.men", "780"),
    figure("ahv.reference_age_months.women", "768", None, "1960-12-31"),
    figure("ahv.reference_age_months.women", "771", "1961-01-01", "1961-12-31"),
    figure("ahv.reference_age_months.women", "774", "1962-01-01", "1962-12-31"),
    figure("ahv.reference_age_months.women", "777", "1963-01-01", "1963-12-31"),
    figure("ahv.reference_age_months.women", "780", "1964-01-01"),
]
CONTEXT: dict[str, Any] = {"period": "2025", "parameters": FIGURES, "branch_numbers": ["028.000"], "party": {}}
DECLARATION: dict[str, Any] = {
    "year": 2025, "enterprise_number": "CHE123456788", "accident_insurer": "Suva", "pension_fund": "Fonds",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """A result with its files read."""

    result: ParseResult
    rows: list[dict[str, str]]
    findings: list[dict[str, Any]]

    @property
    def codes(self) -> list[tuple[int | None, str | None, str]]:
        """Row, field and code of each finding."""
        return [(found["row"], found["field"], found["code"]) for found in self.findings]


def read_file(source: Path, folder: Path, *, limits: Limits | None = None, **job: Any) -> Outcome:
    """Run the child over a file (or, with ``task="check"``, over kept rows)."""
    given = {"task": "read", "context": CONTEXT, "declaration": DECLARATION} | job
    made = ParseJob(plan=PLAN, source=source, output=folder / "out", message_id=MESSAGE, **given)
    return outcome_of(run_child(made, limits=limits))


def read_here(source: Path, folder: Path, **job: Any) -> Outcome:
    """Do the same within this process, which is quicker; a refusal is raised."""
    given = {"task": "read", "context": CONTEXT, "declaration": DECLARATION} | job
    (folder / "out").mkdir(parents=True, exist_ok=True)
    made = ParseJob(plan=PLAN, source=source, output=folder / "out", message_id=MESSAGE, **given)
    summary = do_job(made, Limits())
    return outcome_of(ParseResult(summary, made.output / ROWS_FILE, made.output / FINDINGS_FILE))


def read_text(text: str, folder: Path, **job: Any) -> Outcome:
    """Read a salary list written as delimited text."""
    source = folder / "salaries.csv"
    source.write_text(text, encoding="utf-8")
    return read_here(source, folder, **job)


def person(**changes: str) -> dict[str, str]:
    """Return a sound row by field names, as text."""
    sound = {
        "ahv_number": "756.9217.0769.85", "last_name": "Exemple", "first_name": "Anne", "birth_date": "14.03.1988",
        "sex": "F", "canton": "FR", "ahv_income": "84500.00", "alv_income": "84500.00",
    }  # fmt: skip
    return sound | changes


def check_people(*people: dict[str, str], folder: Path, **job: Any) -> Outcome:
    """Read a list of rows given by field names; the first stands in row 2."""
    names = list(dict.fromkeys(name for one in people for name in one))
    lines = [";".join(names), *(";".join(one.get(name, "") for name in names) for one in people)]
    return read_text("\n".join(lines) + "\n", folder, **job)


def outcome_of(result: ParseResult) -> Outcome:
    """Read the files of a result; a refusal has none."""
    if result.refusal is not None:
        return Outcome(result, [], [])
    with result.rows.open(encoding="utf-8", newline="") as file:
        empty = dict.fromkeys(kinds_of(SalaryRow), "")
        rows = [empty | line for line in csv.DictReader(file, fieldnames=result.summary["row_columns"])]
    with result.findings.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, fieldnames=result.summary["finding_columns"]))
    return Outcome(result, rows, [_typed(line) for line in found])


def _typed(line: dict[str, str]) -> dict[str, Any]:
    row = int(line["row"]) if line["row"] else None
    return line | {"row": row, "field": line["field"] or None, "params": json.loads(line["params"])}
