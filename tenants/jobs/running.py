"""A job in a worker's hands: claimed under a lease, reporting, and put down in one of five ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from core.kernel import clock
from core.kernel.actors import Actor
from tenants.jobs.errors import CancelAsked, HandedBack, LeaseLost, WorkerLost
from tenants.jobs.kinds import list_job_kinds
from tenants.jobs.models import PlatformJob
from tenants.jobs.services import without_forgotten
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.kernel.errors import RelaisError
    from core.kernel.text import Text

State = PlatformJob.States
MAX_TRIES = 5
_NO_LEASE: dict[str, Any] = {"lease": None, "leased_until": None}
_CLAIM = """
UPDATE tenants_platformjob SET state = 'running', lease = %(lease)s, leased_until = %(until)s, tries = tries + 1,
    started_at = coalesce(started_at, %(now)s), error_code = '', error_text = '', error_params = '{}'
WHERE id = (
    SELECT id FROM tenants_platformjob
    WHERE kind = ANY(%(kinds)s)
      AND (state = 'waiting' AND due_at <= %(now)s OR state = 'running' AND leased_until < %(now)s)
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


@dataclass(slots=True)
class RunningJob:
    """What a kind's ``run`` is given. ``stopping`` tells whether the worker was asked to end.

    ``is_cancelled`` holds while what was done is taken away again.
    """

    id: UUID
    kind: str
    slug: str
    caisse_id: str
    order: dict[str, Any]
    result: dict[str, Any]
    actor: Actor
    lease: UUID
    tries: int
    is_cancelled: bool = False
    stopping: Callable[[], bool] = field(default=lambda: False)

    def progress(self, step_label: Text | str, number: int, total: int) -> None:
        """Say which step is about to run (from 1) of how many.

        Leaves ``run`` where the worker must let go, or where an operator wants the work no longer.
        """
        if self.stopping():
            raise HandedBack
        self._change_if_wanted(step=str(step_label)[:200], steps_done=number - 1, steps_total=total)

    def remember(self, *, caisse_id: str = "", **result: Any) -> None:
        """Keep facts found on the way: the caisse's id, and parts of the result (no secrets)."""
        self.caisse_id = caisse_id or self.caisse_id
        self.result |= result
        self._change(caisse_id=self.caisse_id, result=self.result)

    def renew(self) -> None:
        """Keep the job for another while. Raises ``LeaseLost``."""
        self._change(leased_until=_lease_end())

    def finish(self, result: Mapping[str, Any] | None) -> None:
        """Put it down as done, with its result and without what its kind forgets."""
        with platform_transaction():
            total = self._mine().values_list("steps_total", flat=True).first() or 0
        self._change(
            state=State.DONE,
            step="",
            steps_done=total,
            result=self.result | dict(result or {}),
            order=without_forgotten(self.kind, self.order),
            finished_at=clock.now(),
            **_NO_LEASE,
        )

    def end_cancelled(self) -> None:
        """Put it down as cancelled: nothing of it is left, nor what its kind forgets."""
        self._change(
            state=State.CANCELLED,
            step="",
            order=without_forgotten(self.kind, self.order),
            finished_at=clock.now(),
            **_NO_LEASE,
        )

    def fail(self, error: RelaisError, *, for_good: bool = False) -> None:
        """Put it down as failed, with words for people; an operator may let it go on.

        Leaves ``run`` like ``progress`` where the work is wanted no longer, unless it has failed for good.
        """
        change = self._change if for_good else self._change_if_wanted
        change(
            state=State.FAILED,
            error_code=error.code,
            error_text=str(error.message)[:500],
            error_params={name: str(value)[:300] for name, value in error.params.items()},
            finished_at=clock.now(),
            **_NO_LEASE,
        )

    def hand_back(self, *, seconds: float = 0, forgiven: bool = False) -> None:
        """Let another worker have it, after some seconds; ``forgiven`` where it was not the job's fault."""
        due = clock.now() + timedelta(seconds=seconds)
        tries = self.tries - 1 if forgiven else self.tries
        self._change(state=State.WAITING, due_at=due, tries=max(tries, 0), **_NO_LEASE)

    def _mine(self) -> Any:
        return PlatformJob.objects.filter(pk=self.id, state=State.RUNNING, lease=self.lease)

    def _change_if_wanted(self, **changes: Any) -> None:
        with platform_transaction():
            found = self._mine()
            wanted = found if self.is_cancelled else found.filter(cancel_asked_at__isnull=True)
            if wanted.update(**changes):
                return
            if found.exists():
                raise CancelAsked
        raise LeaseLost

    def _change(self, **changes: Any) -> None:
        with platform_transaction():
            if not self._mine().update(**changes):
                raise LeaseLost


def claim_job(*, stopping: Callable[[], bool] = lambda: False) -> RunningJob | None:
    """Take the oldest job that is due or that a vanished worker left; several workers never take the same.

    One that was begun too often without an end is failed instead, since it may be what kills workers.
    """
    lease, now = uuid4(), clock.now()
    values = {"lease": lease, "until": _lease_end(), "now": now, "kinds": list_job_kinds()}
    with platform_transaction():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, values)
            row = cursor.fetchone()
        if row is None:
            return None
        job = _running(PlatformJob.objects.get(pk=row[0]), lease, stopping)
    if job.tries <= MAX_TRIES:
        return job
    job.fail(WorkerLost(times=MAX_TRIES), for_good=True)
    return claim_job(stopping=stopping)


def _running(row: PlatformJob, lease: UUID, stopping: Callable[[], bool]) -> RunningJob:
    return RunningJob(
        id=row.id,
        kind=row.kind,
        slug=row.slug,
        caisse_id=row.caisse_id,
        order=row.order,
        result=row.result,
        actor=Actor(kind="operator", name=row.asked_by, user_id=row.asked_by_id),
        lease=lease,
        tries=row.tries,
        is_cancelled=row.cancel_asked_at is not None,
        stopping=stopping,
    )


def _lease_end() -> Any:
    return clock.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
