"""The portal's entrance: to the right desk or party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render

from core.web.policies import signed_in

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
    return render(request, "web/no_seat.html", status=200)
