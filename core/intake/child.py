"""The parsing child: a process without Django, secrets or database, run as ``python -m core.intake.child JOB``."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.intake.jobs import SUMMARY_FILE, ParseJob
from core.intake.limits import Limits
from core.intake.memory import own_peak
from core.intake.refusals import FileRefused, ReadingTooHeavy

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN_FILES = 64
# A parent that was killed cannot end its child; the child's own alarm comes a little later.
ORPHAN_SECONDS = 10


def main(job_file: Path) -> int:
    """Do the job; the exit status is 0 whenever a summary was written."""
    plain = json.loads(job_file.read_text(encoding="utf-8"))
    job, limits = ParseJob.from_json(plain), Limits(**plain["limits"])
    _confine(limits)
    # A short life without cycles: looking for them costs a tenth of the reading of a large file.
    gc.disable()
    summary = _guarded(lambda: _work(job, limits))
    _write_summary(job.output, summary | {"peak_memory_bytes": own_peak()})
    return 0


def _confine(limits: Limits) -> None:
    """Bound this process before it looks at anything that somebody sent."""
    signal.alarm(limits.wall_seconds + ORPHAN_SECONDS)
    os.nice(limits.niceness)
    _bound(resource.RLIMIT_CORE, 0)
    # The soft limit ends the process by a signal that says why, the hard one by one that does not.
    _bound(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 5)
    _bound(resource.RLIMIT_FSIZE, limits.output_bytes)
    _bound(resource.RLIMIT_NOFILE, OPEN_FILES)
    _bound(resource.RLIMIT_DATA, limits.data_bytes)
    _bound(resource.RLIMIT_AS, limits.address_bytes)


def _bound(what: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit, never above what the service's administrator allows."""
    _, allowed = resource.getrlimit(what)
    hard = soft if hard is None else hard
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    try:
        resource.setrlimit(what, (soft, hard))
    except (ValueError, OSError):
        # macOS knows the limits of memory but refuses to set them; its kernel then does not enforce any.
        if sys.platform != "darwin":
            raise


def _work(job: ParseJob, limits: Limits) -> dict[str, Any]:
    from core.intake.pipeline import do_job  # noqa: PLC0415 -- polars comes in only under the limits

    return do_job(job, limits)


def _guarded(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except FileRefused as refusal:
        return {"refusal": {"code": refusal.code, "params": refusal.params}} | _facts_of(refusal)
    except MemoryError:
        return {"refusal": {"code": ReadingTooHeavy.code, "params": {}}}
    except BaseException as error:  # noqa: BLE001 -- a Rust panic is no Exception, and the parent must learn of it
        return {"refusal": {"code": "reading_broke", "params": {}}, "failure": _where(error)}


def _facts_of(refusal: FileRefused) -> dict[str, Any]:
    """What a refusal asks the person to choose from."""
    choices = getattr(refusal, "choices", None)
    return {"choices": choices} if choices else {}


def _where(error: BaseException) -> str:
    """The kind and place of an error, never its words: they could quote somebody's data into a log."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"


def _write_summary(output: Path, summary: dict[str, Any]) -> None:
    (output / SUMMARY_FILE).write_text(json.dumps(summary, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    status = main(Path(sys.argv[1]))
    # Leaving at once spares the teardown of a hundred thousand rows.
    sys.stdout.flush()
    os._exit(status)
