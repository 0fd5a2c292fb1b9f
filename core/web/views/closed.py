"""The page of a suspended caisse: why, until when, what happens to what was entered, and whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel import clock
from core.kernel.errors import Unavailable
from core.web.announcements import choose_text
from core.web.policies import public
from tenants import hosts, pages

if TYPE_CHECKING:
    from core.web.requests import PortalRequest
    from tenants.hosts import Closing

RETRY_SECONDS = 3600


class PortalClosed(Unavailable):
    """This portal is closed at the moment. Nothing that you entered is lost."""

    code = "suspended"


@csrf_exempt
@public
def show(request: PortalRequest) -> HttpResponse:
    """Answer whatever was asked: a page for people, a part for HTMX, problem details for programs."""
    closing = hosts.get_entry(request.caisse).closing
    error = PortalClosed()
    if pages.wants_json(request):
        response: HttpResponse = JsonResponse(_problem(error, closing), content_type="application/problem+json")
    else:
        partly = request.headers.get("HX-Request")
        template = "web/errors/fragment.html" if partly else "web/closed.html"
        response = HttpResponse(render_to_string(template, _context(request, closing, error), request=request))
    response.status_code = error.status
    response["Retry-After"] = str(_retry_seconds(closing))
    response["Cache-Control"] = "no-store"
    return response


def _context(request: PortalRequest, closing: Closing | None, error: PortalClosed) -> dict[str, object]:
    return {
        "error": error,
        "message": gettext(error.message),
        "reason": choose_text(closing.texts) if closing else "",
        "until": _until(request, closing),
    }


def _until(request: PortalRequest, closing: Closing | None) -> str:
    if closing is None or closing.until is None:
        return ""
    local = closing.until.astimezone(ZoneInfo(configuration.get(request.caisse, LocaleSection).time_zone))
    return f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M}"


def _retry_seconds(closing: Closing | None) -> int:
    if closing is None or closing.until is None:
        return RETRY_SECONDS
    return max(60, int((closing.until - clock.now()).total_seconds()))


def _problem(error: PortalClosed, closing: Closing | None) -> dict[str, object]:
    reason = choose_text(closing.texts) if closing else ""
    problem: dict[str, object] = {
        "type": f"urn:relais:problem:{error.code}",
        "title": gettext(error.message),
        "status": error.status,
        "code": error.code,
    }
    return problem | ({"detail": reason} if reason else {})
