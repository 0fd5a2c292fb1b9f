"""What the parsing child is asked, and what it answered."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.intake.limits import Limits
    from core.intake.refusals import FileRefused

Task = Literal["read", "check", "unpack"]

ROWS_FILE = "rows.csv"
FILES_FOLDER = "files"
FINDINGS_FILE = "findings.csv"
SUMMARY_FILE = "summary.json"
PROGRESS_FILE = "progress.json"
STDERR_FILE = "stderr.txt"


@dataclass(frozen=True, slots=True)
class ParseJob:
    """One piece of work for the child.

    ``task`` is ``"read"`` (``source`` is what somebody uploaded) or ``"check"`` (``source`` is a
    CSV with header, ``row_number`` and the row model's fields, as COPY writes it) or ``"unpack"`` (``source``
    may be an archive of many files; ``core.intake.unpacking`` says what comes of it). ``plan`` is the
    dotted path ``module:NAME`` of the :class:`~core.intake.plans.IntakePlan`. ``unread`` names a CSV
    with header ``row_number,field,value``: cells whose text no column could hold, put back for the
    check. ``choices`` answers what an earlier reading asked (``sheet``, ``institution``).
    ``context`` is plain data for the rules: dated parameters, last year's rows, known workplaces.
    """

    task: Task
    plan: str
    source: Path | None
    output: Path
    message_id: str
    unread: Path | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    declaration: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self, limits: Limits) -> str:
        """Return the job file's text; the limits travel with it."""
        plain = asdict(self)
        for name in ("source", "output", "unread"):
            plain[name] = None if plain[name] is None else str(plain[name].resolve())
        return json.dumps(plain | {"limits": limits.to_json()})

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> ParseJob:
        """Build the job again in the child."""
        paths = {name: Path(plain[name]) for name in ("source", "output", "unread") if plain.get(name)}
        rest = {name: plain[name] for name in ("task", "plan", "message_id", "choices", "context", "declaration")}
        return cls(**{"source": None, **rest, **paths})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the child is: a stage's name and a share from 0 to 100."""

    stage: str
    percent: int


@dataclass(frozen=True, slots=True)
class ParseResult:
    """What came of a reading: a refusal, or two files ready for COPY and a summary.

    ``rows`` has the columns ``summary["row_columns"]``, ``findings`` those of
    ``summary["finding_columns"]``; both are CSV without header, null is the empty unquoted field.
    ``cpu_seconds`` is the child's and what the nursery spent on it, its own start with its first job.
    """

    summary: Mapping[str, Any]
    rows: Path
    findings: Path
    refusal: FileRefused | None = None
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    failure: str = ""
