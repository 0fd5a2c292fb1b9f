"""Errors as problem details (RFC 9457), with the same codes and texts as on the pages."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext
from rest_framework import exceptions
from rest_framework.response import Response

from core.kernel.errors import AssuranceTooLow, NotFound, NotPermitted, RelaisError, TooManyAttempts, Unavailable
from tenants.away import is_database_away

log = structlog.get_logger(__name__)
CONTENT_TYPE = "application/problem+json"


def describe(error: RelaisError, **more: Any) -> dict[str, Any]:
    """Return the problem document of one of our own errors in the active language."""
    text = gettext(error.message)
    return {
        "type": f"urn:relais:problem:{error.code}",
        "title": text % error.params if error.params else text,
        "status": error.status,
        "code": error.code,
        **more,
    }


def answer_problem(error: Exception, _context: dict[str, Any]) -> Response | None:
    """Answer every expected error as a problem document; anything else stays a server error."""
    if is_database_away(error):
        log.error("database_unavailable")
        error = Unavailable()
    match error:
        case RelaisError():
            body = describe(error, **_extra(error))
        case Http404():
            body = describe(NotFound())
        case PermissionDenied():
            body = describe(NotPermitted())
        case exceptions.ValidationError():
            body = _framework_problem(error, code="invalid", errors=error.get_full_details())
        case exceptions.APIException():
            body = _framework_problem(error, code=str(error.default_code))
        case _:
            return None
    headers = _headers(error)
    return Response(body, status=body["status"], content_type=CONTENT_TYPE, headers=headers)


def _extra(error: RelaisError) -> dict[str, Any]:
    faults, needed = error.params.get("faults"), error.params.get("needed")
    extra: dict[str, Any] = {"errors": faults} if faults else {}
    return extra | ({"needed_level": needed} if isinstance(error, AssuranceTooLow) else {})


def _framework_problem(error: exceptions.APIException, *, code: str, errors: Any = None) -> dict[str, Any]:
    body = {
        "type": f"urn:relais:problem:{code}",
        "title": str(error.default_detail),
        "status": error.status_code,
        "code": code,
    }
    return body | ({"errors": errors} if errors else {})


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, Unavailable):
        return {"Retry-After": "30"}
    if isinstance(error, TooManyAttempts):
        seconds, minutes = error.params.get("seconds"), error.params.get("minutes")
        return {"Retry-After": str(seconds or (int(str(minutes or 1)) * 60))}
    return {}
