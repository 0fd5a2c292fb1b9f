"""The entrance to what belongs to the party and to the company that acts for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from core.web.policies import party

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@party
def show(request: PortalRequest, actor: Actor) -> HttpResponse:
    """List what the reader can see and change about the company's access."""
    return render(request, "web/company/index.html", {"seat": request.identity.find_seat(actor.party)})
