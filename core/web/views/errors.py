"""Error pages: what happened, what to do, and nothing of what went wrong inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext

from core.kernel.errors import InvalidInput, NotFound, NotPermitted, RelaisError, Unavailable

if TYPE_CHECKING:
    from django.http import HttpRequest


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
    text = gettext(error.message)
    message = text % error.params if error.params else text
    if request.path_info.startswith("/api/"):
        body = {
            "type": f"urn:relais:problem:{error.code}",
            "title": message,
            "status": error.status,
            "code": error.code,
        }
        return JsonResponse(body, status=error.status, content_type="application/problem+json")
    template = "web/errors/fragment.html" if request.headers.get("HX-Request") else f"web/errors/{_page(error)}.html"
    context: dict[str, Any] = {"error": error, "message": message, "request": request}
    headers = {"Retry-After": "30"} if error.status == Unavailable.status else {}
    return HttpResponse(render_to_string(template, context, request=request), status=error.status, headers=headers)


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
    """Answer 500."""
    return error_page(request, ServerError())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection has expired."""
    del reason
    return error_page(request, FormExpired())
