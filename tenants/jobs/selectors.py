"""Jobs as the console shows them; within a platform scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from tenants.jobs.errors import JobUnknown
from tenants.jobs.models import PlatformJob

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from tenants.reference import CaisseRef

State = PlatformJob.States
OPEN = (State.WAITING, State.RUNNING)
UNENDED = (*OPEN, State.FAILED)


def access_job(viewer: Actor, job_id: UUID) -> PlatformJob:
    """Return a job that an operator may see: every one, but a draft only its asker. Raises ``JobUnknown``."""
    seen = PlatformJob.objects.exclude(Q(state=State.DRAFT) & ~Q(asked_by_id=viewer.user_id))
    found = seen.filter(pk=job_id).first() if viewer.kind == "operator" else None
    if found is None:
        raise JobUnknown
    return found


def list_jobs_of(caisse: CaisseRef, *, kind: str = "", limit: int = 20) -> list[PlatformJob]:
    """Return the newest jobs of a caisse, drafts left out."""
    of_caisse = Q(caisse_id=caisse.id) | Q(caisse_id="", slug=caisse.slug)
    found = PlatformJob.objects.filter(of_caisse).exclude(state=State.DRAFT)
    if kind:
        found = found.filter(kind=kind)
    return list(found.order_by("-created_at", "-id")[:limit])


def list_drafts(viewer: Actor, *, kind: str) -> list[PlatformJob]:
    """Return what this operator began to put together and did not submit, the newest first."""
    found = PlatformJob.objects.filter(state=State.DRAFT, kind=kind, asked_by_id=viewer.user_id)
    return list(found.order_by("-created_at", "-id")[:20])


def list_unfinished_jobs(*, limit: int = 10) -> list[PlatformJob]:
    """Return the newest jobs that wait, run or broke."""
    found = PlatformJob.objects.filter(state__in=UNENDED).order_by("-created_at", "-id")
    return list(found[:limit])


def get_unfinished_job(slug: str) -> PlatformJob | None:
    """Return the job on a slug that waits, runs or failed and has no successor, the newest first."""
    found = PlatformJob.objects.filter(slug=slug).exclude(state=State.DRAFT).order_by("-created_at", "-id").first()
    return found if found and found.state in UNENDED else None
