"""The console's page on what the platform's operator does with the whole caisse: exports, imports, a deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from core.kernel.text import N_
from core.transfer import keys
from core.transfer.selectors import list_traces
from core.web.policies import console
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.text import Text
    from core.web.requests import PortalRequest

LABELS: dict[str, Text] = {
    "caisse_exported": N_("Everything was exported"),
    "caisse_imported": N_("This caisse came in from an export"),
    "caisse_deletion_asked": N_("The deletion was asked for"),
    "caisse_deletion_near": N_("The day of the deletion was near"),
    "caisse_deletion_cancelled": N_("The deletion was cancelled"),
}


@console
@require_GET
def show(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """Show what was done, newest first, and the key to which exports are encrypted."""
    with tenant_transaction(request.caisse):
        entries = list_traces(LABELS)
    traces = [
        {"label": gettext(LABELS[one.action]), "entry": one, "key": one.data.get("public_key")} for one in entries
    ]
    context = {"traces": traces, "public_key": keys.get_public_key(request.caisse)}
    return render(request, "web/console/leaving.html", context)
