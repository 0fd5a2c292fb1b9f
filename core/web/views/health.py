"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error, connection
from django.http import JsonResponse

from core.web.policies import public
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpRequest


@public
def live(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process runs; touches nothing else."""
    return JsonResponse({"status": "alive"})


@public
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, 503 otherwise."""
    try:
        with platform_transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "not ready", "database": "away"}, status=503)
    return JsonResponse({"status": "ready", "database": "ok"})
