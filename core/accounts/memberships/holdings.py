"""What a user who leaves a company still holds; rooms above register what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.kernel.text import Text

# What somebody holds in no theme of its own goes to whichever colleague.
ANY_THEME = ""
Themes = dict[tuple[str, "UUID"], int]
Count = Callable[["UUID", "UUID"], Themes]
HandOver = Callable[["Actor", "UUID", "UUID", "UUID"], int]
CountOpen = Callable[["UUID", str], int]
HasDeadline = Callable[["UUID", "date"], bool]


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing that is somebody's. Everything happens within the caller's scope.

    ``count`` takes user and company and returns how many she holds by theme and by the party for whom;
    ``hand_over`` takes actor, company, the user who leaves and the colleague, and returns how many it moved.
    """

    name: str
    label: Text
    count: Count
    hand_over: HandOver


_holdings: dict[str, Holding] = {}
_open_counts: list[CountOpen] = []
_deadlines: list[HasDeadline] = []


def register_holding(holding: Holding) -> None:
    """Add a kind of thing that people hold; a name may be used once."""
    if _holdings.setdefault(holding.name, holding) != holding:
        message = f"the holding {holding.name!r} is declared twice"
        raise ValueError(message)


def list_holdings() -> list[Holding]:
    """Return the kinds in the order in which they were registered."""
    return list(_holdings.values())


def register_open_count(count: CountOpen) -> None:
    """Say how to count what waits for a party in a theme."""
    if count not in _open_counts:
        _open_counts.append(count)


def count_open(party_id: UUID, theme: str) -> int:
    """Return how much waits for a party in a theme."""
    return sum(count(party_id, theme) for count in _open_counts)


def register_deadline(check: HasDeadline) -> None:
    """Say how to find out whether a company has to do something by a day that is not over."""
    if check not in _deadlines:
        _deadlines.append(check)


def has_open_deadline(party_id: UUID, today: date) -> bool:
    """Whether something that the company, or one of its clients, has to do has a deadline still to come."""
    return any(check(party_id, today) for check in _deadlines)
