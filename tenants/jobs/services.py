"""Asking for long work, and what an operator may do with it; within a platform scope."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction

from core.kernel import clock
from tenants.jobs.errors import JobChanged, JobNotCancellable, JobOpen
from tenants.jobs.kinds import get_job_kind, get_undo
from tenants.jobs.models import PlatformJob

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.kernel.actors import Actor

State = PlatformJob.States
CHANNEL = "relais_jobs"
DRAFTS_KEPT = timedelta(days=30)
_CANCELLABLE = [State.DRAFT, State.WAITING, State.RUNNING, State.FAILED]
_FRESH = {"error_code": "", "error_text": "", "error_params": {}, "tries": 0, "finished_at": None}


def request_job(*, actor: Actor, kind: str, slug: str, order: Mapping[str, Any], caisse_id: str = "") -> PlatformJob:
    """Ask for work; the provisioning worker begins it at once. ``order`` holds no secret.

    Raises ``JobOpen`` while other work on the same slug has not ended.
    """
    job = _new(actor=actor, kind=kind, slug=slug, order=order, caisse_id=caisse_id, state=State.WAITING)
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError as error:
        raise JobOpen(slug=slug) from error
    _ring()
    return job


def draft_job(*, actor: Actor, kind: str, order: Mapping[str, Any] | None = None) -> PlatformJob:
    """Begin work that is put together over several pages; only its asker sees it until it is submitted.

    Drafts that nobody submitted for a month are thrown away.
    """
    PlatformJob.objects.filter(state=State.DRAFT, created_at__lt=clock.now() - DRAFTS_KEPT).delete()
    job = _new(actor=actor, kind=kind, slug="", order=order or {}, caisse_id="", state=State.DRAFT)
    job.save(force_insert=True)
    return job


def drop_draft(*, actor: Actor, job_id: UUID) -> None:
    """Throw a draft away; nothing of it stays. Raises ``JobChanged`` when it was submitted meanwhile."""
    if not PlatformJob.objects.filter(pk=job_id, state=State.DRAFT, asked_by_id=actor.user_id).delete()[0]:
        raise JobChanged


def change_draft(*, actor: Actor, job_id: UUID, slug: str, order: Mapping[str, Any]) -> None:
    """Replace what a draft asks for. Raises ``JobChanged`` when it was submitted meanwhile."""
    drafts = PlatformJob.objects.filter(pk=job_id, state=State.DRAFT, asked_by_id=actor.user_id)
    if not drafts.update(slug=slug, order=dict(order)):
        raise JobChanged


def submit_draft(*, actor: Actor, job_id: UUID) -> bool:
    """Ask for a draft's work; return whether this call did it. Repeatable: a second click changes nothing.

    Raises ``JobOpen`` while other work on the same slug has not ended.
    """
    drafts = PlatformJob.objects.filter(pk=job_id, state=State.DRAFT, asked_by_id=actor.user_id)
    slug = drafts.values_list("slug", flat=True).first() or ""
    now = clock.now()
    try:
        with transaction.atomic():
            changed = drafts.update(state=State.WAITING, created_at=now, due_at=now)
    except IntegrityError as error:
        raise JobOpen(slug=slug) from error
    if changed:
        _ring()
    return bool(changed)


def reopen_draft(*, actor: Actor, job_id: UUID) -> None:
    """Turn a failed job of this operator back into a draft, to correct what was asked. Else ``JobChanged``."""
    failed = PlatformJob.objects.filter(pk=job_id, state=State.FAILED, asked_by_id=actor.user_id, steps_total=0)
    if not failed.update(state=State.DRAFT, step="", steps_done=0, **_FRESH):
        raise JobChanged


def resume_job(*, job_id: UUID) -> None:
    """Let a failed job go on where it broke. Raises ``JobChanged`` unless it is failed, or ``JobOpen``."""
    failed = PlatformJob.objects.filter(pk=job_id, state=State.FAILED)
    slug = failed.values_list("slug", flat=True).first() or ""
    try:
        with transaction.atomic():
            changed = failed.update(state=State.WAITING, due_at=clock.now(), **_FRESH)
    except IntegrityError as error:
        raise JobOpen(slug=slug) from error
    if not changed:
        raise JobChanged
    _ring()


def cancel_job(*, actor: Actor, job_id: UUID) -> bool:
    """Cancel a job; return whether it has ended at once.

    One of which nothing was begun ends at once. Any other leaves at its next step, or is taken up once more,
    and all that it has made is taken away; it ends as done where it was complete before. Repeatable until it ends.
    Raises ``JobChanged`` for one that has ended, ``JobNotCancellable`` where what was begun can only go on.
    """
    job = PlatformJob.objects.select_for_update().filter(pk=job_id, state__in=_CANCELLABLE).first()
    if job is None:
        raise JobChanged
    found, now = PlatformJob.objects.filter(pk=job_id), clock.now()
    if job.state != State.RUNNING and not job.steps_total:
        order = without_forgotten(job.kind, job.order)
        found.update(state=State.CANCELLED, order=order, finished_at=now, cancelled_by=actor.name, cancel_asked_at=now)
        return True
    if get_undo(job.kind) is None:
        raise JobNotCancellable
    if job.cancel_asked_at is None:
        found.update(cancelled_by=actor.name, cancel_asked_at=now)
    if job.state == State.FAILED:
        resume_job(job_id=job_id)
    elif job.state == State.WAITING:
        found.update(due_at=now)
        _ring()
    return False


def without_forgotten(kind: str, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order without what its kind drops at the end (personal data)."""
    forgets = get_job_kind(kind).forgets
    return {name: value for name, value in order.items() if name not in forgets}


def _new(*, actor: Actor, kind: str, slug: str, order: Mapping[str, Any], caisse_id: str, state: str) -> PlatformJob:
    now = clock.now()
    return PlatformJob(
        kind=get_job_kind(kind).kind,
        slug=slug,
        caisse_id=caisse_id,
        order=dict(order),
        state=state,
        asked_by=actor.name,
        asked_by_id=actor.user_id,
        created_at=now,
        due_at=now,
    )


def _ring() -> None:
    """Wake a worker when this transaction commits; one that does not hear looks each second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
