"""The only source of the current time, so that tests and drills can travel."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

_travelled: ContextVar[datetime | None] = ContextVar("relais_clock", default=None)


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return _travelled.get() or datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """Return the calendar date in an IANA zone such as ``Europe/Zurich``."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """Stand still at an aware instant within the block; only this context (thread) is affected."""
    if to.tzinfo is None:
        message = "clock.travel needs an aware datetime"
        raise ValueError(message)
    token = _travelled.set(to.astimezone(UTC))
    try:
        yield
    finally:
        _travelled.reset(token)
