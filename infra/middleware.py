"""The outermost middleware: one request id, one span, one line and one measurement per request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from opentelemetry import metrics, trace

from core.kernel import telemetry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

log = structlog.get_logger("relais.request")
_duration = metrics.get_meter("relais").create_histogram(
    "http.server.request.duration", unit="s", description="Time from the request's start to its answer."
)


class RequestTelemetryMiddleware:
    """Names the route, never the address: addresses hold identifiers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request within its span and leave one log line without personal data."""
        request_token = telemetry.request_id.set(uuid4().hex)
        begun = time.perf_counter()
        try:
            with telemetry.span("request", **{"http.request.method": request.method or ""}) as span:
                response = self.get_response(request)
                caisse = getattr(request, "caisse", None)
                with telemetry.caisse_context(caisse.id if caisse else ""):
                    self._finish(request, response, span, time.perf_counter() - begun)
        finally:
            telemetry.request_id.reset(request_token)
        return response

    def _finish(self, request: HttpRequest, response: HttpResponseBase, span: trace.Span, seconds: float) -> None:
        match = request.resolver_match
        facts: dict[str, str | int] = {
            "http.request.method": request.method or "",
            "http.route": match.route if match else "",
            "http.response.status_code": response.status_code,
            telemetry.CAISSE: telemetry.caisse_id.get(),
        }
        span.set_attributes(facts)
        _duration.record(seconds, facts)
        response.headers["X-Request-Id"] = telemetry.request_id.get()
        if not str(facts["http.route"]).startswith("health/"):
            log.info("request", **facts, ms=round(seconds * 1000, 1))
