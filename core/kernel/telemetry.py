"""Spans and the context that every log line, span and metric carries: caisse and request."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import Status, StatusCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.trace import Span

caisse_id: ContextVar[str] = ContextVar("relais_caisse", default="")
request_id: ContextVar[str] = ContextVar("relais_request", default="")
# Whence a request comes, as coarse as its maker may see it later: ``device`` and ``place``; never in logs or spans.
whence: ContextVar[Mapping[str, str]] = ContextVar("relais_whence", default=MappingProxyType({}))

CAISSE = "relais.caisse"
REQUEST = "relais.request"
_tracer = trace.get_tracer("relais")


@contextmanager
def caisse_context(of_caisse: str) -> Iterator[None]:
    """Let everything within the block carry this caisse's id."""
    token = caisse_id.set(of_caisse)
    try:
        yield
    finally:
        caisse_id.reset(token)


@contextmanager
def span(name: str, **attributes: str | float | bool) -> Iterator[Span]:
    """Open a span with the current caisse on it. Attributes hold codes and counts, never personal data.

    Of an error it keeps the type alone: a message may quote what somebody entered.
    """
    known = {CAISSE: caisse_id.get()} if caisse_id.get() else {}
    opened = _tracer.start_as_current_span(
        name, attributes={**known, **attributes}, record_exception=False, set_status_on_exception=False
    )
    with opened as current:
        try:
            yield current
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
