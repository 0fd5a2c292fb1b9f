"""The job "create": a caisse is made as its order says, step by step, by the provisioning worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenants import provisioning
from tenants.errors import ProvisioningInProgress, SlugTaken
from tenants.jobs.errors import TryLater
from tenants.jobs.kinds import register_job_kind
from tenants.models import Caisse
from tenants.registration import Request
from tenants.scope import platform_transaction
from tenants.services import get_caisse_by_slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.jobs.running import RunningJob
    from tenants.registration import Step

CREATE = "create"
# What the order says of a person is needed until the work is done, and not longer.
PERSONAL = frozenset({"administrator"})


def register() -> None:
    """Join the kinds of jobs."""
    register_job_kind(CREATE, create_caisse, forgets=PERSONAL)


def request_of(slug: str, order: Mapping[str, Any]) -> Request:
    """Return what the making of a caisse is asked for by an order."""
    apart = {"name", "hosts"}
    return Request(
        slug=slug,
        name=order.get("name", ""),
        hosts=tuple((host, prefix) for host, prefix in order.get("hosts", [])),
        options={name: value for name, value in order.items() if name not in apart},
    )


def create_caisse(job: RunningJob) -> dict[str, Any]:
    """Make the caisse, or finish it; what a killed run has done is not done again."""

    def show(step: Step, number: int, total: int) -> None:
        job.progress(step.label, number, total)

    asked = request_of(job.slug, {**job.order, "job": str(job.id), "asked_by": job.actor.name})
    try:
        provisioning.create_caisse(asked, progress=show)
    except ProvisioningInProgress as error:
        raise TryLater from error  # the session of a killed worker, or a command, ends within moments
    except SlugTaken:
        if not _made_by(job):
            raise
    with platform_transaction():
        job.caisse_id = get_caisse_by_slug(job.slug).id
    job.remember(caisse_id=job.caisse_id)
    return {"by": job.order.get("administrator", {}).get("by", "")}


def _made_by(job: RunningJob) -> bool:
    """Whether this very job has made the caisse, killed before it could say so."""
    with platform_transaction():
        made: bool = Caisse.objects.filter(slug=job.slug, request__options__job=str(job.id)).exists()
    return made
