"""Starts the parsing child, watches it, and brings back what it found."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.intake import nurseries
from core.intake import table_rules as _table_rules  # noqa: F401 -- registers the words of what the child may find
from core.intake.jobs import FINDINGS_FILE, PROGRESS_FILE, ROWS_FILE, STDERR_FILE, SUMMARY_FILE, ParseResult, Progress
from core.intake.limits import Limits
from core.intake.memory import peak_of_process
from core.intake.nurseries import PYTHON
from core.intake.refusals import FileRefused, FileTooLarge, ReadingBroke, ReadingTooHeavy, ReadingTooLong, refusal_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.intake.jobs import ParseJob
    from core.intake.nurseries import Child

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1024 * 1024
THEME_PATHS = "RELAIS_THEME_PATHS"


@dataclass(frozen=True, slots=True)
class _Ending:
    exit_code: int
    cpu_seconds: float
    in_time: bool
    peak_memory_bytes: int


def run_child(
    job: ParseJob, *, limits: Limits | None = None, on_progress: Callable[[Progress], None] | None = None
) -> ParseResult:
    """Read or check in a child process and wait for it; never raises for what the file contains.

    The job's output folder is made if it is missing; it and the source stay for the caller to
    delete. Call it outside of any transaction: it takes seconds.
    """
    limits = limits or Limits()
    job.output.mkdir(parents=True, exist_ok=True)
    too_large = _check_size(job, limits)
    if too_large is not None:
        return _result(job, {}, refusal=too_large)
    job_file = job.output.resolve() / "job.json"
    job_file.write_text(job.to_json(limits), encoding="utf-8")
    return _read_ending(job, _run(job, job_file, limits, on_progress))


def _check_size(job: ParseJob, limits: Limits) -> FileRefused | None:
    size = job.source.stat().st_size if job.source is not None and job.task != "check" else 0
    if size <= limits.file_bytes:
        return None
    return FileTooLarge(size_mb=-(-size // MEBIBYTE), limit_mb=limits.file_bytes // MEBIBYTE)


def _run(job: ParseJob, job_file: Path, limits: Limits, on_progress: Callable[[Progress], None] | None) -> _Ending:
    lent = nurseries.start_child(job_file, job.plan, _environment())
    if lent is not None:
        # Whoever ends the nursery does not mean the file, and a job can be done again from its start.
        with suppress(nurseries.NurseryGone):
            return _watch(lent, limits, job.output / PROGRESS_FILE, on_progress)
    return _watch(_OwnChild(job_file), limits, job.output / PROGRESS_FILE, on_progress)


class _OwnChild:
    """A child that is a new interpreter: everywhere where there is no nursery."""

    def __init__(self, job_file: Path) -> None:
        with (job_file.parent / STDERR_FILE).open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no shell
                [*PYTHON, "core.intake.child", str(job_file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=job_file.parent,
                env=_environment(),
                start_new_session=True,
            )
        self.pid = self._process.pid

    def wait(self, seconds: float) -> tuple[int, float] | None:
        time.sleep(seconds)
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if not pid:
            return None
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return self._process.returncode, usage.ru_utime + usage.ru_stime

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        if self._process.returncode is None:
            self.kill()
            self._process.wait()


# A short life that takes much and gives back at its end: large pages and no trimming spare half of the
# system's share. Where these words are unknown they do nothing.
ALLOCATOR = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "MALLOC_TRIM_THRESHOLD_": str(1024 * MEBIBYTE),
    # A thread of its own would keep the nursery from forking.
    "_RJEM_MALLOC_CONF": "thp:always,background_thread:false",
}


def _environment() -> dict[str, str]:
    """Nothing of ours but the paths to the code: the child must not know a password or an address."""
    return {
        # The child imports the theme whose rows it reads, wherever that lies.
        THEME_PATHS: os.environ.get(THEME_PATHS, ""),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "POLARS_MAX_THREADS": "1",
        # Looking for plugins reads the metadata of every installed package.
        "PYDANTIC_DISABLE_PLUGINS": "true",
        "RUST_BACKTRACE": "0",
        **ALLOCATOR,
    }


def _watch(
    child: Child, limits: Limits, progress_file: Path, on_progress: Callable[[Progress], None] | None
) -> _Ending:
    started = time.monotonic()
    shown: Progress | None = None
    peak, in_time = 0, True
    with closing(child):
        while True:
            elapsed = time.monotonic() - started
            if in_time and elapsed >= limits.wall_seconds:
                in_time = False
                child.kill()
            peak = max(peak, peak_of_process(child.pid))
            ended = _wait(child, min(0.1, 0.005 + elapsed / 50), in_time=in_time)
            if ended is not None:
                return _Ending(*ended, in_time=in_time, peak_memory_bytes=peak)
            progress = _read_progress(progress_file)
            if on_progress is not None and progress is not None and progress != shown:
                on_progress(progress)
                shown = progress


def _wait(child: Child, seconds: float, *, in_time: bool) -> tuple[int, float] | None:
    try:
        return child.wait(seconds)
    except nurseries.NurseryGone:
        if in_time:
            raise
        return -signal.SIGKILL, 0.0


def _read_progress(path: Path) -> Progress | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Progress(stage=found["stage"], percent=found["percent"])


def _read_ending(job: ParseJob, ending: _Ending) -> ParseResult:
    summary: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        summary = json.loads((job.output / SUMMARY_FILE).read_text(encoding="utf-8"))
    refused = summary.get("refusal")
    refusal: FileRefused | None = None
    if refused:
        refusal = refusal_for(refused["code"])(**refused["params"])
    elif ending.exit_code != 0 or not summary:
        refusal = _refusal_of_ending(ending)
    return _result(job, summary, refusal=refusal, ending=ending)


def _refusal_of_ending(ending: _Ending) -> FileRefused:
    if not ending.in_time or ending.exit_code == -signal.SIGXCPU:
        return ReadingTooLong()
    if ending.exit_code in {-signal.SIGKILL, -signal.SIGABRT, -signal.SIGXFSZ}:
        return ReadingTooHeavy()
    return ReadingBroke()


def _result(
    job: ParseJob, summary: dict[str, Any], *, refusal: FileRefused | None, ending: _Ending | None = None
) -> ParseResult:
    return ParseResult(
        summary=summary,
        rows=job.output / ROWS_FILE,
        findings=job.output / FINDINGS_FILE,
        refusal=refusal,
        cpu_seconds=ending.cpu_seconds if ending else 0.0,
        peak_memory_bytes=summary.get("peak_memory_bytes") or (ending.peak_memory_bytes if ending else 0),
        failure=str(summary.get("failure", "")) or (f"exit {ending.exit_code}" if ending and ending.exit_code else ""),
    )
