"""The console's page that examines the caisse: what works, what does not, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.web.policies import console
from tenants import doctor, examining

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

_ORDER = {"bad": 0, "warning": 1, "ok": 2}


@console
@require_GET
def show(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """Examine the caisse and what it shares with others; what needs attention comes first.

    With HTMX the page comes at once and the findings follow; without it they come with the page.
    """
    partly = bool(request.headers.get("HX-Request"))
    if partly or "now" in request.GET:
        caisse = request.caisse
        results = doctor.examine_caisse(caisse, is_current=examining.is_current(caisse)) + doctor.examine_platform()
        results.sort(key=lambda one: _ORDER[one.level])
        context = {"results": results, "pending": [one for one in results if one.level != "ok"]}
        template = "findings" if partly else "page"
        return render(request, f"web/console/doctor/{template}.html", context)
    return render(request, "web/console/doctor/page.html", {"results": None})
