"""Two places of one person for the same party, taken together: what she reaches by either, and for whom she signs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.accounts import rights
from core.kernel.actors import NO_RIGHT

if TYPE_CHECKING:
    from core.accounts.seats import Seat
    from core.kernel.actors import Right

# The key under which a substitute administers the company, beside the slugs of themes.
ADMINISTRATION = ""


def merge(one: Seat, other: Seat) -> Seat:
    """Return the seat that both places give together."""
    return replace(
        one,
        rights=rights.unite(one.rights, other.rights),
        administrator=one.administrator or other.administrator,
        types=_merge_types(one, other),
        stands_in=_merge_names(one, other),
    )


def _merge_types(one: Seat, other: Seat) -> dict[str, frozenset[str]]:
    """Return the limits that stay: none in a theme that one of the two has without a limit."""
    limits: dict[str, frozenset[str]] = {}
    for slug in {*one.types, *other.types}:
        reach = [seat.types.get(slug) for seat in (one, other) if slug in seat.rights]
        if all(only is not None for only in reach):
            limits[slug] = frozenset().union(*(only or () for only in reach))
    return limits


def _merge_names(one: Seat, other: Seat) -> dict[str, str]:
    """Return in which themes she acts for somebody else: those in which no place of her own reaches as far."""
    names: dict[str, str] = {}
    for slug in {**one.rights, **other.rights}:
        reach = [(seat.rights.get(slug, NO_RIGHT), seat.stands_in.get(slug)) for seat in (one, other)]
        most = max(_strength(right) for right, _name in reach)
        furthest = [name for right, name in reach if _strength(right) == most]
        if all(furthest):
            names[slug] = str(furthest[0])
    keepers = [seat.stands_in.get(ADMINISTRATION) for seat in (one, other) if seat.administrator]
    if keepers and all(keepers):
        names[ADMINISTRATION] = str(keepers[0])
    return names


def _strength(right: Right) -> int:
    return right.read + right.act
