"""Throwing away a caisse that never opened: confirmed on a page of its own, done by the provisioning worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.kernel.errors import Conflict
from core.kernel.text import N_
from core.operator.audit import name_actions, record_act
from core.operator.caisses.access import access_caisse
from core.operator.policies import operator_proved
from core.operator.views.saying import say
from core.transfer.errors import CaisseWasOpen
from core.transfer.kinds import DISCARD
from tenants.jobs.kinds import get_undo
from tenants.jobs.selectors import get_unfinished_job
from tenants.jobs.services import cancel_job, request_job
from tenants.models import Caisse, Host, ProvisioningStep
from tenants.provisioning import list_steps
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest

name_actions({"creation_discarded": N_("Unfinished caisse thrown away")})


def discard_caisse(*, actor: Actor, caisse_id: str) -> UUID:
    """Have the worker take away a caisse that never opened; return the job that does it. Repeatable until it is done.

    The work that made her is cancelled if it can still be found; else a job of its own takes her away.
    Raises ``CaisseWasOpen``, or ``JobOpen`` while other work on her goes on.
    """
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
        if caisse.state != Caisse.States.PROVISIONING:
            raise CaisseWasOpen(slug=caisse.slug)
        job = get_unfinished_job(caisse.slug)
        if job is not None and job.kind != DISCARD and job.steps_total and get_undo(job.kind):
            cancel_job(actor=actor, job_id=job.id)
        else:
            job = request_job(actor=actor, kind=DISCARD, slug=caisse.slug, order={"caisse": caisse.id})
        record_act(actor=actor, action="creation_discarded", caisse=caisse.ref, data={"job": str(job.id)})
    return job.id


@operator_proved
@require_http_methods(["GET", "POST"])
def discard(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Say what goes, and have it taken away."""
    if request.method == "POST":
        try:
            job_id = discard_caisse(actor=actor, caisse_id=caisse_id)
        except Conflict as error:
            messages.error(request, say(error))
            return redirect("operator_caisse", caisse_id=caisse_id)
        return redirect("operator_job", job_id=job_id)
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
        if caisse.state != Caisse.States.PROVISIONING:
            raise CaisseWasOpen(slug=caisse.slug)
        done = set(ProvisioningStep.objects.filter(caisse_id=caisse.id).values_list("name", flat=True))
        hosts = [f"{one.host}/{one.path_prefix}".rstrip("/") for one in Host.objects.filter(caisse_id=caisse.id)]
        job = get_unfinished_job(caisse.slug)
    context = {
        "caisse": caisse,
        "hosts": hosts,
        "platform_domain": settings.PLATFORM_DOMAIN,
        "done": [one.label for one in list_steps() if one.name in done],
        "job": job,
    }
    return render(request, "operator/leaving/discard.html", context)
