"""The parsing child: confined, without Django or secrets, and whatever happens to it its caller gets an answer."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest

from core.intake import refusals
from core.intake.jobs import ParseJob, Progress
from core.intake.limits import MEBIBYTE, Limits
from core.intake.runner import ROOT, run_child
from tests.support.elm import Letter, Person, elm_parts, many_people, write_elm
from tests.support.salary import CONTEXT, DECLARATION, MESSAGE, PLAN, person, read_file

if TYPE_CHECKING:
    from pathlib import Path

ONE_ROW = ";".join(person()) + "\n" + ";".join(person().values()) + "\n"
ASK = "import sys, {module}; sys.exit(any(name.split('.')[0] in {unwanted} for name in sys.modules))"


def python(code: str) -> int:
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-P", "-c", code], env=environment, check=False).returncode


def test_child_with_everything_it_uses_is_free_of_django() -> None:
    modules = "core.intake.pipeline, core.intake.sheets, core.intake.reading, themes.salary_declaration.plan"
    assert python(ASK.format(module=modules, unwanted="{'django', 'psycopg', 'boto3', 'celery', 'structlog'}")) == 0


def test_caller_never_loads_polars() -> None:
    modules = (
        "core.intake.runner, core.intake.refusals, themes.salary_declaration.rules, themes.salary_declaration.rows"
    )
    assert python(ASK.format(module=modules, unwanted="{'polars', 'fastexcel', 'lxml'}")) == 0


def csv_job(tmp_path: Path, text: str = ONE_ROW) -> ParseJob:
    source = tmp_path / "salaries.csv"
    source.write_text(text, encoding="utf-8")
    return ParseJob("read", PLAN, source, tmp_path / "out", MESSAGE, context=CONTEXT, declaration=DECLARATION)


def test_result_says_what_it_cost(tmp_path: Path) -> None:
    seen: list[Progress] = []
    result = run_child(csv_job(tmp_path), on_progress=seen.append)
    assert result.refusal is None
    assert result.summary["row_count"] == 1
    assert 0 < result.cpu_seconds < 10
    assert 0 < result.peak_memory_bytes < 256 * MEBIBYTE
    assert all(0 <= step.percent <= 100 for step in seen)


def test_child_inherits_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.intake.runner import _environment

    monkeypatch.setenv("RELAIS_DATABASE_URL", "postgresql://secret")
    assert not any("secret" in value for value in _environment().values())
    assert "RELAIS_DATABASE_URL" not in _environment()
    assert run_child(csv_job(tmp_path)).refusal is None


def test_file_beyond_the_size_is_not_even_opened(tmp_path: Path) -> None:
    result = run_child(csv_job(tmp_path), limits=Limits(file_bytes=10))
    assert isinstance(result.refusal, refusals.FileTooLarge)
    assert result.cpu_seconds == 0


def test_too_long_by_the_clock(tmp_path: Path) -> None:
    result = run_child(csv_job(tmp_path), limits=Limits(wall_seconds=0))
    assert isinstance(result.refusal, refusals.ReadingTooLong)


def test_too_long_by_the_processor(tmp_path: Path) -> None:
    source = write_elm(tmp_path / "large.xml", many_people(80_000))
    job = ParseJob("read", PLAN, source, tmp_path / "out", MESSAGE, context=CONTEXT)
    assert isinstance(run_child(job, limits=Limits(cpu_seconds=1)).refusal, refusals.ReadingTooLong)


def test_workbook_with_a_cell_at_the_end_of_the_world(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "AHVNr"
    book.active.cell(1_048_576, 16_384, "lost")
    book.save(tmp_path / "far.xlsx")
    result = read_file(tmp_path / "far.xlsx", tmp_path).result
    assert isinstance(result.refusal, refusals.ReadingTooHeavy | refusals.TooManyRows | refusals.TooManyColumns)
    assert result.peak_memory_bytes < 256 * MEBIBYTE


def test_failure_of_our_own_is_told_without_contents(tmp_path: Path) -> None:
    job = ParseJob("read", "themes.salary_declaration.plan:MISSING", tmp_path, tmp_path / "out", MESSAGE)
    result = run_child(job)
    assert isinstance(result.refusal, refusals.ReadingBroke)
    assert result.failure.startswith("AttributeError at plans.py:")


def test_refusal_brings_its_params_and_choices(tmp_path: Path) -> None:
    from tests.support.elm import Institution

    letter = Letter(ahv=(Institution(), Institution("#2", "028.001")))
    source = tmp_path / "two.xml"
    source.write_text("".join(elm_parts([Person()], letter)), encoding="utf-8")
    result = read_file(source, tmp_path, context=CONTEXT | {"branch_numbers": []}).result
    assert result.refusal is not None
    assert result.refusal.code == "elm_institution_unclear"
    assert [choice["value"] for choice in result.summary["choices"]] == ["#AHV", "#2"]


def test_job_survives_its_file(tmp_path: Path) -> None:
    import json

    job = csv_job(tmp_path)
    plain = json.loads(job.to_json(Limits()))
    assert ParseJob.from_json(plain) == job
    assert Limits(**plain["limits"]) == Limits()
