"""Error pages: what happened, what to do, and nothing of what went wrong inside."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import structlog
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.translation import gettext

from core.kernel.errors import InvalidInput, NotFound, NotPermitted, RelaisError, Unavailable
from core.web.languages import LANGUAGE_COOKIE, NATIVE_NAMES
from tenants.away import is_database_away

if TYPE_CHECKING:
    from django.http import HttpRequest

log = structlog.get_logger(__name__)
RETRY_SECONDS = "30"


class BadRequest(InvalidInput):
    """Your browser sent something that this page does not understand. Go back and try again."""

    code = "bad_request"
    status = 400


class FormExpired(InvalidInput):
    """This form was open for too long. Reload the page; what you typed is kept in this browser."""

    code = "form_expired"
    status = 403


class ServerError(RelaisError):
    """Something failed on our side. It has been noted; what you saved is safe. Try again in a moment."""

    code = "server_error"
    status = 500


def error_page(request: HttpRequest, error: RelaisError) -> HttpResponse:
    """Return the error as a page, as a fragment for HTMX, or as a problem document under /api/."""
    headers = _headers(error)
    text = gettext(error.message)
    message = text % error.params if error.params else text
    if request.path_info.startswith("/api/"):
        body = {
            "type": f"urn:relais:problem:{error.code}",
            "title": message,
            "status": error.status,
            "code": error.code,
        }
        return JsonResponse(body, status=error.status, content_type="application/problem+json", headers=headers)
    template = "web/errors/fragment.html" if request.headers.get("HX-Request") else f"web/errors/{_page(error)}.html"
    context: dict[str, Any] = {"error": error, "message": message, "request": request, "retry": _retry(request)}
    return HttpResponse(render_to_string(template, context, request=request), status=error.status, headers=headers)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer while the database is away, asking it nothing: whose page it is does not matter now."""
    log.error("database_unavailable")
    for of_a_person in ("actor", "frame"):
        request.__dict__.pop(of_a_person, None)
    if session := getattr(request, "session", None):
        session.unreadable = True
    return _at_any_rate(request, Unavailable())


def _at_any_rate(request: HttpRequest, error: RelaisError) -> HttpResponse:
    """Return the page in the caisse's frame; where even that cannot be read, without one."""
    with translation.override(_language(request)):
        try:
            return error_page(request, error)
        except Exception:  # noqa: BLE001 -- the last page of all must not fail as well
            heading = gettext("Not available just now")
            context = {"error": error, "heading": heading, "message": gettext(error.message), "retry": _retry(request)}
            page = render_to_string("web/errors/bare.html", context | {"LANGUAGE_CODE": translation.get_language()})
            return HttpResponse(page, status=error.status, headers=_headers(error))


def _headers(error: RelaisError) -> dict[str, str]:
    return {"Retry-After": RETRY_SECONDS} if error.status == Unavailable.status else {}


def _language(request: HttpRequest) -> str:
    """What the page's middleware chose; where it did not get so far, her cookie, or what the browser asks for."""
    chosen = getattr(request, "LANGUAGE_CODE", "") or request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in NATIVE_NAMES else translation.get_language_from_request(request)


def _retry(request: HttpRequest) -> str:
    """Return where to try again: this page, or the one that held the form."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    origin, came_from = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}/", request.META.get("HTTP_REFERER", "")
    return "/" + came_from.removeprefix(origin).lstrip("/") if came_from.startswith(origin) else get_script_prefix()


def _page(error: RelaisError) -> str:
    known = {400, 403, 404, 500, 503}
    return str(error.status) if error.status in known else "400"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    del exception
    return error_page(request, BadRequest())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    del exception
    return error_page(request, NotPermitted())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    del exception
    return error_page(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500; a database that is away in the middle of a middleware arrives here too."""
    if is_database_away(sys.exc_info()[1]):
        return unavailable(request)
    return _at_any_rate(request, ServerError())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection has expired."""
    del reason
    return error_page(request, FormExpired())
