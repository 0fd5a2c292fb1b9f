"""Who wants to know of an event, in the same transaction: higher rooms register themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.messaging.models import Message

Listener = Callable[["Message", "Actor"], None]
_listeners: dict[str, list[Listener]] = {}


def listen(event: str, listener: Listener) -> None:
    """Call ``listener(message, actor)`` whenever the event is appended; registering twice is harmless."""
    listeners = _listeners.setdefault(event, [])
    if listener not in listeners:
        listeners.append(listener)


def announce(event: str, message: Message, actor: Actor) -> None:
    """Tell every listener; an error in one undoes the whole step."""
    for listener in _listeners.get(event, ()):
        listener(message, actor)
