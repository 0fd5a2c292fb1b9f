"""The page ``/dev/outbox/`` on the platform's own host, in the embedded mode only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.web.policies import public
from integrations.devoutbox.folder import DevOutbox

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REFRESH_SECONDS = 5


@public
@never_cache
@require_safe
def show_outbox(request: HttpRequest) -> HttpResponse:
    """List every e-mail, SMS and letter that would have left, newest first."""
    if not settings.EMBEDDED:
        raise Http404
    caisse, kind = request.GET.get("caisse", ""), request.GET.get("kind", "")
    outbox = DevOutbox(Path(settings.DEV_OUTBOX_FOLDER))
    context = {
        "kept": outbox.list_kept(caisse=caisse, kind=kind),
        "caisses": sorted({item.caisse for item in outbox.list_kept(limit=10_000)}),
        "refresh_seconds": REFRESH_SECONDS,
        "caisse": caisse,
        "kind": kind,
    }
    response = render(request, "devoutbox/outbox.html", context)
    # The browser's own refresh: this page must work before any script was built.
    response["Refresh"] = str(REFRESH_SECONDS)
    return response
