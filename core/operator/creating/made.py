"""The end of a creation as its page shows it: where the portal is, and how its first administrator gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from core.configuration.jobs import CREATE
from core.kernel.text import N_
from core.operator.jobs.pages import JobPage, add_job_page
from tenants import hosts
from tenants.errors import CaisseUnknown
from tenants.portal import portal_url
from tenants.provisioning import list_steps

if TYPE_CHECKING:
    from core.kernel.text import Text
    from tenants.jobs.models import PlatformJob


def register() -> None:
    """Add the page of this kind."""
    add_job_page(
        JobPage(
            kind=CREATE,
            title=N_("Making the caisse %(slug)s"),
            done_template="operator/creating/_made.html",
            read=read_made,
            list_steps=list_labels,
            draft_url=lambda job: reverse("operator_caisse_new_place", args=[job.id]),
            correct_url=lambda job: reverse("operator_caisse_new_correct", args=[job.id]),
        )
    )


def list_labels() -> list[Text]:
    """Return the labels of the steps in their order."""
    return [step.label for step in list_steps()]


def read_made(job: PlatformJob) -> dict[str, Any]:
    """Return the new caisse and its address, from memory; nothing of one that was deleted since."""
    try:
        caisse = hosts.get_caisse(job.caisse_id)
    except CaisseUnknown:
        return {"caisse": None}  # it was deleted since
    outbox = reverse("dev_outbox") if settings.EMBEDDED else ""
    return {
        "caisse": caisse,
        "portal": f"{portal_url(caisse)}/",
        "outbox_url": outbox,
        "invited_by": job.result.get("by"),
    }
