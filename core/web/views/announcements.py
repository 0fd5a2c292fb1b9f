"""Putting an announcement away: this browser does not show it again until its text changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.accounts.redirects import safe_next
from core.web import putting_away
from core.web.policies import public

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


@public
@require_POST
def put_away(request: PortalRequest) -> HttpResponse:
    """Remember it in the browser, and go back to the page one came from."""
    response = HttpResponseRedirect(safe_next(request) or reverse("home"))
    putting_away.put_away(request, response, request.POST.get("digest", ""))
    return response
