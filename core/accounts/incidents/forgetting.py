"""What an enrolment anew forgets beside password and number: each other way in says here how it is removed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Remove = Callable[[UUID], object]
_removers: list[Remove] = []


def on_enrol_anew(remove: Remove) -> None:
    """Have ``remove(user_id)`` called within the scope in which somebody is enrolled anew; repeating it is harmless."""
    if remove not in _removers:
        _removers.append(remove)


def remove_factors(*, user_id: UUID) -> None:
    """Remove every other way in of somebody, within the caller's scope."""
    for remove in _removers:
        remove(user_id)
