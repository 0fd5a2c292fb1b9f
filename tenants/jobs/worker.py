"""The provisioning worker: takes jobs one after the other, keeps their leases, ends when it is asked to."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import Error, close_old_connections, connections
from opentelemetry import metrics

from core.kernel.errors import RelaisError
from core.kernel.telemetry import caisse_context, span
from tenants import listening, owning
from tenants.away import is_database_away
from tenants.jobs.errors import CancelAsked, HandedBack, LeaseLost, StepBroken, TryLater
from tenants.jobs.kinds import get_job_kind, get_undo
from tenants.jobs.running import MAX_TRIES, RunningJob, claim_job
from tenants.jobs.services import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterator

log = structlog.get_logger(__name__)
POLL_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
_duration = metrics.get_meter("relais").create_histogram(
    "relais.job.duration", unit="s", description="Time that a job on a caisse took in a worker, with its outcome."
)


class Worker:
    """One worker. ``stop`` may be called from a signal handler: the running step ends, then the job goes back."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._wake = threading.Event()

    def stop(self) -> None:
        """Ask it to end after the running step."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        """Work until asked to stop; wakes by notice, and looks each second beside. Raises ``PlatformNotReady``."""
        owning.provisioner()
        self._listen()
        while not self._stopping.is_set():
            close_old_connections()
            if not self._work_one():
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()
        listening.stop()
        connections.close_all()

    def work_off(self) -> int:
        """Do what is due now and return how many jobs were taken; for commands and tests."""
        taken = 0
        while not self._stopping.is_set() and self._work_one():
            taken += 1
        return taken

    def _listen(self) -> None:
        heard = listening.Subscription(
            on_notice=lambda _connection, _payload: self._wake.set(), on_connect=lambda _connection: self._wake.set()
        )
        listening.subscribe(CHANNEL, heard)
        with suppress(RelaisError):  # the database is away: the thread keeps trying, and so do we
            listening.start()

    def _work_one(self) -> bool:
        try:
            job = claim_job(stopping=self._stopping.is_set)
            if job is not None:
                _work(job)
        except Exception as error:
            if not is_database_away(error):
                raise
            log.warning("jobs_wait_for_database", error=type(error).__name__)
            connections.close_all()
            return False
        return job is not None


def _work(job: RunningJob) -> None:
    begun, outcome = time.monotonic(), "lost"
    log.info("job_begins", job=str(job.id), kind=job.kind, caisse_id=job.caisse_id, tries=job.tries)
    with caisse_context(job.caisse_id), span("job", kind=job.kind), suppress(LeaseLost):
        outcome = _do(job)
    log.info("job_ends", job=str(job.id), kind=job.kind, caisse_id=job.caisse_id, outcome=outcome)
    _duration.record(time.monotonic() - begun, {"kind": job.kind, "outcome": outcome})


def _do(job: RunningJob) -> str:
    """Do it; where an operator wants it no longer, also when it has just broken, take away what it has made."""
    try:
        return _try(job)
    except CancelAsked:
        job.is_cancelled = True
        return _try(job)


def _try(job: RunningJob) -> str:
    try:
        with _kept(job):
            if _is_undone(job):
                job.end_cancelled()
                return "cancelled"
            result = get_job_kind(job.kind).run(job)
        job.finish(result)
    except HandedBack:
        job.hand_back(forgiven=True)
        return "handed_back"
    except RelaisError as error:
        return _end_by(job, error)
    except Exception as error:
        if is_database_away(error):
            raise  # nothing can be written down now: the lease ends, and the job is claimed again
        log.exception("job_step_failed", job=str(job.id), kind=job.kind)
        return _end_by(job, StepBroken(kind=type(error).__name__))
    return "done"


def _is_undone(job: RunningJob) -> bool:
    """Take away what a job has made that nobody wants any more; False where it is wanted or was complete already."""
    undo = get_undo(job.kind) if job.is_cancelled else None
    return undo is not None and undo(job)


def _end_by(job: RunningJob, error: RelaisError) -> str:
    if isinstance(error, TryLater) and job.tries < MAX_TRIES:
        job.hand_back(seconds=min(2.0**job.tries, LONGEST_PAUSE_SECONDS))
        return "postponed"
    cause = error.__cause__ if isinstance(error, TryLater) else None
    told = cause if isinstance(cause, RelaisError) else error
    log.warning("job_failed", job=str(job.id), kind=job.kind, code=told.code)
    job.fail(told)
    return "failed"


@contextmanager
def _kept(job: RunningJob) -> Iterator[None]:
    """Renew the lease in a thread of its own while the block runs, so that long steps keep it."""
    ended = threading.Event()
    keeper = threading.Thread(target=_renew, args=(job, ended), name="relais-job-lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _renew(job: RunningJob, ended: threading.Event) -> None:
    while not ended.wait(settings.JOB_LEASE_SECONDS / 3):
        try:
            job.renew()
        except LeaseLost:
            break  # the job's next report finds out
        except Error as error:
            log.warning("job_lease_not_renewed", job=str(job.id), error=type(error).__name__)
    connections.close_all()
