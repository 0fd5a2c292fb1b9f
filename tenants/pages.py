"""What is answered before a caisse's own pages exist: unknown host, odd host.

Higher rungs may replace each answer by a page of their own through ``register``.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

Name = Literal["unknown_host", "malformed_host"]
_STATUS: dict[Name, HTTPStatus] = {
    "unknown_host": HTTPStatus.NOT_FOUND,
    "malformed_host": HTTPStatus.BAD_REQUEST,
}
_registered: dict[Name, Callable[[HttpRequest], HttpResponse]] = {}


def register(name: Name, page: Callable[[HttpRequest], HttpResponse]) -> None:
    """Let a view give this answer; its status is set here."""
    _registered[name] = page


def answer(name: Name, request: HttpRequest) -> HttpResponse:
    """Return the answer: problem details (RFC 9457) for programs, a page for people."""
    status = _STATUS[name]
    if wants_json(request):
        response: HttpResponse = _problem(name, status)
    elif name in _registered:
        response = _registered[name](request)
    else:
        response = HttpResponse(render_to_string(f"tenants/{name}.html"))
    response.status_code = status
    response["Cache-Control"] = "no-store"
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks."""
    accept = request.META.get("HTTP_ACCEPT", "")
    return request.path_info.startswith("/api/") or "json" in accept.partition(",")[0]


def _problem(name: Name, status: HTTPStatus) -> JsonResponse:
    titles: dict[Name, str] = {
        "unknown_host": _("No caisse has this address."),
        "malformed_host": _("This address cannot be read."),
    }
    body = {"type": "about:blank", "title": titles[name], "status": int(status), "code": name}
    return JsonResponse(body, content_type="application/problem+json")
