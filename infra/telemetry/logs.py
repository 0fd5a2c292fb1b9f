"""Structured log lines, one JSON object each, with caisse, request and trace on them."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog
from opentelemetry import trace

from core.kernel import telemetry
from infra.telemetry import faults

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger


def add_context(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put caisse, request and trace on a line."""
    for key, value in (("caisse", telemetry.caisse_id.get()), ("request", telemetry.request_id.get())):
        if value:
            event.setdefault(key, value)
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace"] = format(context.trace_id, "032x")
    return event


def describe_fault(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put where an error arose on a line, without what it says."""
    given = event.pop("exc_info", None)
    if given:
        error = (
            given if isinstance(given, BaseException) else (given if isinstance(given, tuple) else sys.exc_info())[1]
        )
        if error is not None:
            event["exception"] = faults.describe(error)
    return event


def hide_address(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the route instead of the address where Django writes of a request: addresses hold identifiers."""
    request = getattr(event["_record"], "request", None)
    path = getattr(request, "path", "")
    if request is not None and path:
        match = getattr(request, "resolver_match", None)
        event["event"] = str(event["event"]).replace(path, f"route {match.route!r}" if match else "no route")
    return event


_SHARED: list[Any] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    add_context,
]


def make_formatter() -> logging.Formatter:
    """Return what makes a line of a record: the same for standard error and for what leaves by OTLP."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_SHARED, hide_address],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            describe_fault,
            structlog.processors.JSONRenderer(default=str),
        ],
    )


def configure(config: dict[str, Any]) -> None:
    """Send every line of ours and of the libraries to stderr as JSON; Django's ``LOGGING_CONFIG``."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(make_formatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(config.get("level", "INFO"))
    # One line a query would carry values; SQL is read by tests, not by logs.
    logging.getLogger("django.db.backends").setLevel("WARNING")
    # Our own middleware writes one line for each request, without query strings.
    logging.getLogger("django.request").setLevel("ERROR")
    logging.getLogger("django.server").setLevel("ERROR")
