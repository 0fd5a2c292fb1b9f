"""How documents reach a party: her own page, on which an administrator of hers chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.accounts.models import Party
from core.accounts.post import postal_address
from core.configuration.sections.delivery import WAYS
from core.documents.delivery import choose_way, list_deliveries
from core.kernel.errors import NotPermitted
from core.web.policies import party
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@party
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Each kind of document with its way; where the caisse leaves it open, an administrator chooses."""
    may_choose = "administrator" in actor.roles
    if request.method == "POST":
        if not may_choose:
            raise NotPermitted
        _choose(request, actor)
        messages.success(request, gettext("Saved."))
        return redirect("party_delivery", party=actor.party_id)
    with tenant_transaction(request.caisse):
        found = Party.objects.get(id=actor.party)
        deliveries, address = describe_deliveries(found), postal_address(found)
    is_open = any(one["is_open"] for one in deliveries)
    context = {"deliveries": deliveries, "address": address, "may_choose": may_choose, "is_open": is_open}
    return render(request, "web/portal/delivery.html", context)


def _choose(request: PortalRequest, actor: Actor) -> None:
    with tenant_transaction(request.caisse):
        for one in list_deliveries(actor.party):
            if one.is_open and (way := request.POST.get(one.kind.slug)):
                choose_way(actor=actor, party_id=actor.party, kind=one.kind.slug, way=way)


def describe_deliveries(found: Party) -> list[dict[str, Any]]:
    """Return in words how each kind of document reaches a party, in the open scope; one query at most."""
    return [
        {
            "slug": one.kind.slug,
            "title": gettext(one.kind.title),
            "way": one.way,
            "words": gettext(WAYS[one.way]),
            "is_open": one.is_open,
            "chosen": one.chosen,
            "ways": [(name, gettext(WAYS[name])) for name in ("electronic", "post")],
        }
        for one in list_deliveries(found.id)
    ]
