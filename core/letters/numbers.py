"""A workbook with a column of parties' numbers: read in the parsing child, like every file that people bring."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.intake.jobs import ParseJob
from core.intake.runner import run_child

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

PLAN = "core.letters.plan:PLAN"


def read_numbers(file: UploadedFile[Any]) -> list[str]:
    """Return the numbers in a file, in its order; raises what the intake refuses a file for. Outside any scope."""
    scratch = Path(settings.DATA_DIR) / "scratch"
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="relais-numbers-", dir=scratch))
    try:
        source = folder / "source"
        with source.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        job = ParseJob(task="read", plan=PLAN, source=source, output=folder / "out", message_id="0")
        result = run_child(job)
        if result.refusal is not None:
            raise result.refusal
        column = list(result.summary["row_columns"]).index("number")
        with result.rows.open(encoding="utf-8", newline="") as rows:
            return [line[column] for line in csv.reader(rows) if line[column].strip()]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
