"""Until when a party is bound: the room above that keeps agreements by years says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

Find = Callable[["UUID", "date"], "date | None"]
_finders: list[Find] = []


def register(find: Find) -> None:
    """Ask this room from now on; it returns the last day of the year that runs on a day, or None."""
    _finders[:] = [find]


def find_last_day(party_id: UUID, day: date) -> date | None:
    """Return the last day of the year of the party's agreement that runs on a day; None where there are no years."""
    return _finders[0](party_id, day) if _finders else None
