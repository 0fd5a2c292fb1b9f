"""How each clerk last narrowed her queue, so that she finds it so again tomorrow; never what she searched for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel import clock
from core.messaging.models import QueueMemory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.kernel.actors import Actor

KEPT = ("theme", "due", "whose")
_LONGEST = 60


def remember_filters(*, actor: Actor, filters: Mapping[str, str]) -> None:
    """Keep a clerk's filters in place of the earlier ones; none of them forgets."""
    kept = {name: filters[name][:_LONGEST] for name in KEPT if filters.get(name)}
    if actor.user_id is not None:
        QueueMemory.objects.update_or_create(user_id=actor.user_id, defaults={"filters": kept, "at": clock.now()})


def recall_filters(actor: Actor) -> dict[str, str]:
    """Return the filters that a clerk used last; one query."""
    found = QueueMemory.objects.filter(user_id=actor.user_id).first() if actor.user_id else None
    return {name: str(found.filters[name]) for name in KEPT if found.filters.get(name)} if found else {}
