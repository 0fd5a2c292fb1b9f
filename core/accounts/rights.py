"""Who may do what for whom: pure rules over memberships, mandates, staff roles and dates.

A right is what membership and mandate have in common, never more; a theme that neither names
individually is covered where the list is absent (``None`` stands for all).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.kernel.actors import NO_RIGHT, Right

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

READ_ONLY = Right(read=True)
FULL = Right(read=True, act=True)


@dataclass(frozen=True, slots=True)
class Span:
    """From a first day to a last one, both included; no last day: until further notice."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies within."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class MandateTerms:
    """What one party may do for another; in ``declined`` themes that other wants nothing new here."""

    acting_party_id: UUID
    party_id: UUID
    themes: frozenset[str] | None
    may_act: bool
    span: Span
    state: str = "accepted"
    party_state: str = "active"
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MembershipTerms:
    """What a user may do within the acting party; ``cap`` is the most that the caisse allows her."""

    party_id: UUID
    themes: frozenset[str] | None
    clients: frozenset[UUID] | None
    may_act: bool
    span: Span
    administrator: bool = False
    ended: bool = False
    cap: frozenset[str] | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class StaffTerms:
    """What a person may do at the caisse's desk."""

    roles: frozenset[str]
    themes: frozenset[str] | None
    span: Span


def in_force(membership: MembershipTerms, mandate: MandateTerms, day: date) -> bool:
    """Whether the user may use the mandate at all on that day, whatever the theme."""
    return (
        membership.party_id == mandate.acting_party_id
        and not membership.ended
        and not membership.paused
        and mandate.state == "accepted"
        and mandate.party_state not in {"suspended", "ended"}
        and _reaches(membership, mandate.party_id)
        and membership.span.covers(day)
        and mandate.span.covers(day)
    )


def membership_rights(
    membership: MembershipTerms, mandate: MandateTerms, offered: Iterable[str], day: date
) -> Mapping[str, Right]:
    """Return the right for each offered theme that both open on that day; others are left out."""
    if not in_force(membership, mandate, day):
        return MappingProxyType({})
    act = membership.may_act and mandate.may_act and mandate.party_state == "active"
    lists = (membership.themes, membership.cap, mandate.themes)
    open_to_both = [slug for slug in offered if all(_lists(one, slug) for one in lists)]
    return MappingProxyType(
        {slug: FULL if act and slug not in mandate.declined else READ_ONLY for slug in open_to_both}
    )


def is_administrator(membership: MembershipTerms, day: date) -> bool:
    """Whether the user spreads users and themes within the acting party on that day."""
    return membership.administrator and not membership.ended and not membership.paused and membership.span.covers(day)


def staff_rights(staff: StaffTerms, offered: Iterable[str], day: date) -> Mapping[str, Right]:
    """Return the rights at the desk: a clerk acts in her themes, an auditor reads all of them."""
    rights: dict[str, Right] = {}
    if not staff.span.covers(day):
        return MappingProxyType(rights)
    for slug in offered:
        if "clerk" in staff.roles and _lists(staff.themes, slug):
            rights[slug] = FULL
        elif "auditor" in staff.roles:
            rights[slug] = READ_ONLY
    return MappingProxyType(rights)


def narrow(rights: Mapping[str, Right], themes: frozenset[str] | None, *, may_act: bool) -> Mapping[str, Right]:
    """Return ``rights`` cut down to what a token was given."""
    return MappingProxyType(
        {
            slug: Right(read=right.read, act=right.act and may_act)
            for slug, right in rights.items()
            if _lists(themes, slug)
        }
    )


def intersect(one: Mapping[str, Right], other: Mapping[str, Right]) -> Mapping[str, Right]:
    """Return the rights that both give: a substitute's reach no further than those of whom she stands in for."""
    return MappingProxyType(
        {
            slug: Right(read=right.read and other[slug].read, act=right.act and other[slug].act)
            for slug, right in one.items()
            if slug in other
        }
    )


def unite(one: Mapping[str, Right], other: Mapping[str, Right]) -> Mapping[str, Right]:
    """Return the rights that either of two grants to the same user gives."""
    together = {slug: _either(one.get(slug, NO_RIGHT), other.get(slug, NO_RIGHT)) for slug in {**one, **other}}
    return MappingProxyType(together)


def _either(one: Right, other: Right) -> Right:
    return Right(read=one.read or other.read, act=one.act or other.act)


def _reaches(membership: MembershipTerms, party_id: UUID) -> bool:
    # Whoever administers a company reaches the company itself, whatever clients are hers.
    own = membership.administrator and party_id == membership.party_id
    return membership.clients is None or own or party_id in membership.clients


def _lists(listed: frozenset[str] | None, slug: str) -> bool:
    return listed is None or slug in listed
