"""The portal's entrance: to the right desk or party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render

from core.accounts.affiliation.selectors import list_closed_for
from core.web.endings import describe_ending
from core.web.policies import signed_in
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


@signed_in
def home(request: PortalRequest) -> HttpResponse:
    """Lead a clerk to the desk, everybody else to her first party; say so where there is none."""
    identity = request.identity
    first = identity.first_party
    if first is not None:
        return redirect("party_dashboard", party=first)
    if identity.staff or identity.support:
        return redirect("desk_queue")
    with tenant_transaction(request.caisse):
        closed = list_closed_for(identity.user.id) if identity.user else []
    return render(request, "web/no_seat.html", {"closed": [describe_ending(request, one) for one in closed]})
