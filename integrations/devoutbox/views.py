"""The page ``/dev/outbox/`` on the platform's own host, in the embedded mode only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.operator.factors import get_next_code
from core.web.policies import public
from integrations.devoutbox.folder import DevOutbox
from tenants.models import Operator
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REFRESH_SECONDS = 5
_ENCLOSURE = re.compile(r"[0-9a-f-]{36}-[0-9]{1,3}\.[a-z]{1,5}")


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
        "operator": _read_operator(),
    }
    response = render(request, "devoutbox/outbox.html", context)
    # The browser's own refresh: this page must work before any script was built.
    response["Refresh"] = str(REFRESH_SECONDS)
    return response


@public
@never_cache
@require_safe
def show_enclosure(request: HttpRequest, name: str) -> FileResponse:
    """One file that a letter would have enclosed, as a download."""
    del request
    if not settings.EMBEDDED or not _ENCLOSURE.fullmatch(name):
        raise Http404
    path = Path(settings.DEV_OUTBOX_FOLDER) / name
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _read_operator() -> dict[str, str] | None:
    """Return the demo's operator with the one-time password that her telephone would show."""
    with platform_transaction():
        found = Operator.objects.filter(email=settings.DEMO_OPERATOR).first()
    return {"email": found.email, "code": get_next_code(found)} if found else None
