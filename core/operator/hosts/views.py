"""The page of a caisse's addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from core.kernel.errors import Conflict, InvalidInput
from core.kernel.text import N_
from core.operator.audit import name_actions, record_act
from core.operator.hosts.rows import list_rows
from core.operator.policies import operator
from core.operator.views.saying import say
from tenants import addresses
from tenants.errors import CaisseUnknown
from tenants.host_check.services import check_address
from tenants.hosts import Address
from tenants.models import Caisse
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest

name_actions(
    {
        "host_added": N_("Address added"),
        "host_removed": N_("Address removed"),
        "host_made_primary": N_("Main address chosen"),
        "hosts_checked": N_("Addresses checked"),
    }
)


def access_caisse(viewer: Actor, caisse_id: str) -> Caisse:
    """Return a caisse's row for an operator; in a platform scope. Raises ``CaisseUnknown``."""
    found: Caisse | None = Caisse.objects.filter(pk=caisse_id).first() if viewer.kind == "operator" else None
    if found is None:
        raise CaisseUnknown(caisse=caisse_id)
    return found


@operator
@require_safe
def show(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """List the addresses, with the last look at each."""
    return _show(request, actor, caisse_id)


def _show(
    request: OperatorRequest, actor: Actor, caisse_id: str, *, typed: str = "", fault: str = "", status: int = 200
) -> HttpResponse:
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
        rows = list_rows(caisse)
    context = {
        "caisse": caisse,
        "rows": rows,
        "typed": typed,
        "fault": fault,
        "platform_domain": settings.PLATFORM_DOMAIN,
    }
    return render(request, "operator/hosts/hosts.html", context, status=status)


@operator
@require_POST
def add(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Add an address; what was typed stays where it is refused."""
    typed = request.POST.get("host", "").strip()[:300]
    try:
        with platform_transaction():
            caisse = access_caisse(actor, caisse_id)
            added = str(addresses.add_address(caisse=caisse.ref, text=typed)).rstrip("/")
            record_act(actor=actor, action="host_added", caisse=caisse, data={"host": added})
    except (InvalidInput, Conflict) as error:
        return _show(request, actor, caisse_id, typed=typed, fault=say(error), status=error.status)
    messages.success(request, gettext("Added. Check now whether it leads here."))
    return redirect("operator_hosts", caisse_id=caisse_id)


@operator
@require_POST
def choose(request: OperatorRequest, actor: Actor, caisse_id: str, host_id: UUID | None = None) -> HttpResponse:
    """Let links lead to an address from now on; without one to that by the short name."""
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
        addresses.choose_primary(caisse=caisse.ref, address_id=host_id)
        chosen = next(row.text for row in list_rows(caisse) if row.is_primary)
        record_act(actor=actor, action="host_made_primary", caisse=caisse, data={"host": chosen})
    messages.success(request, gettext("Links in mails and letters lead to %(host)s from now on.") % {"host": chosen})
    return redirect("operator_hosts", caisse_id=caisse_id)


@operator
@require_POST
def remove(request: OperatorRequest, actor: Actor, caisse_id: str, host_id: UUID) -> HttpResponse:
    """Take an address away; the page asked whether that is meant."""
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
        removed = addresses.remove_address(caisse=caisse.ref, address_id=host_id)
        record_act(actor=actor, action="host_removed", caisse=caisse, data={"host": removed})
    messages.success(request, gettext("%(host)s no longer leads to this caisse.") % {"host": removed})
    return redirect("operator_hosts", caisse_id=caisse_id)


@operator
@require_POST
def check(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Look from outside at one address, or at all; outside any scope, since it takes seconds."""
    wanted = request.POST.get("address", "")
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
        rows = [row for row in list_rows(caisse) if not wanted or row.text == wanted]
        record_act(actor=actor, action="hosts_checked", caisse=caisse, data={"count": len(rows)})
    for row in rows:
        check_address(caisse.ref, Address(row.host, row.path_prefix, row.is_primary))
    return redirect("operator_hosts", caisse_id=caisse_id)
