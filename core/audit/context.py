"""The current request's identifier, so that audit rows, log lines and traces can be joined."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("relais_request_id", default="")
