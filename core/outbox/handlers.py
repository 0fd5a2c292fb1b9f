"""The registry of effects: one handler for each topic, registered by the room that owns it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class Job:
    """An entry handed to its handler; ``id`` stays the same on every attempt."""

    id: UUID
    caisse: CaisseRef
    topic: str
    payload: dict[str, Any]
    secret: dict[str, Any] | None
    attempt: int


class PermanentFailure(Exception):
    """The effect can never be had; trying again would not help."""


Handler = Callable[[Job], None]
_handlers: dict[str, Handler] = {}
_heavy: set[str] = set()


def register(topic: str, handler: Handler, *, heavy: bool = False) -> None:
    """Bind a topic to its handler; binding it twice to different handlers is a mistake.

    Of ``heavy`` effects, those that take many seconds, a caisse has only ``uploads_at_once`` at a time.
    """
    if _handlers.get(topic, handler) is not handler:
        message = f"two handlers for outbox topic {topic!r}"
        raise ValueError(message)
    _handlers[topic] = handler
    if heavy:
        _heavy.add(topic)


def get_handler(topic: str) -> Handler:
    """Return the topic's handler; an unknown topic is a permanent failure."""
    try:
        return _handlers[topic]
    except KeyError:
        raise PermanentFailure(f"no handler for {topic}") from None


def list_topics() -> list[str]:
    """Return all bound topics in order."""
    return sorted(_handlers)


def list_heavy_topics() -> list[str]:
    """Return the topics whose effects take long."""
    return sorted(_heavy)
