"""Seats: for whom a signed-in user may act, and the actor that she then is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from django.db.models import F
from django.utils.translation import gettext

from core.accounts import rights
from core.accounts.levels import ONE_TIME_PASSWORD
from core.accounts.models import Mandate, Party, StaffMember, User
from core.accounts.policy import caisse_today, offered_themes
from core.accounts.seat_merging import ADMINISTRATION, merge
from core.kernel.actors import Actor
from core.kernel.errors import NotFound
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from core.kernel.actors import Right
    from tenants.scope import CaisseRef

T = TypeVar("T")
_MEMBER = "acting_party__memberships__"
_TERMS = ("role", "themes", "cap_themes", "clients", "may_act", "valid_from", "valid_until", "ended_at", "paused_at")
_NAMES = ("given_name", "family_name", "sign_in_name")


@dataclass(frozen=True, slots=True)
class SeatParty:
    """What a page shows of a party in the switcher and the header."""

    id: UUID
    name: str
    number: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A place from which a user acts: within ``acting_party``, for ``party``, with these rights.

    ``stands_in`` names whose substitute she is in themes that are not her own, ``types`` the only message types
    that are open to her in a theme where the mandate does not cover all.
    """

    acting_party: SeatParty
    party: SeatParty
    rights: Mapping[str, Right] = field(default_factory=dict)
    administrator: bool = False
    types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stands_in: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Whether the acting party acts for itself."""
        return self.acting_party.id == self.party.id


def list_seats(
    user_id: UUID, themes: Sequence[str] | None = None, *, party_ids: Collection[UUID] | None = None
) -> tuple[Seat, ...]:
    """Return the user's seats today, one for each acting party and party, by name; one query.

    With ``themes`` as if these were offered to all, for telling of what is offered no more; with ``party_ids``
    only those for these parties.
    """
    caisse = current_caisse()
    today = caisse_today(caisse)
    seats: dict[tuple[UUID, UUID], Seat] = {}
    for mandate in _query_mandates(user_id, party_ids):
        offered = offered_themes(caisse, mandate.for_party.number) if themes is None else themes
        seat = _seat_of(mandate, offered, today)
        if seat is not None:
            key = seat.acting_party.id, seat.party.id
            seats[key] = merge(seats[key], seat) if key in seats else seat
    return tuple(sorted(seats.values(), key=lambda seat: (not seat.is_own, seat.party.name.casefold())))


def find_seat(seats: Iterable[Seat], party_id: UUID, acting_party_id: UUID | None = None) -> Seat:
    """Return the seat for a party; of several, her own company's before another's.

    Raises ``NotFound``: whoever has no seat must not learn that the party exists.
    """
    for seat in seats:
        if seat.party.id == party_id and acting_party_id in {None, seat.acting_party.id}:
            return seat
    raise NotFound


def actor_of_seat(user: User, seat: Seat, assurance_level: int) -> Actor:
    """Return the actor that the user is on this seat."""
    return Actor(
        kind="party",
        name=user.name,
        user_id=user.id,
        assurance_level=assurance_level,
        acting_party_id=seat.acting_party.id,
        party_id=seat.party.id,
        rights=seat.rights,
        roles=frozenset({"administrator"}) if seat.administrator else frozenset(),
        stands_in={slug: _sign(user.name, other) for slug, other in seat.stands_in.items()},
        types=seat.types,
    )


def _sign(name: str, other: str) -> str:
    return gettext("%(name)s (for %(other)s)") % {"name": name, "other": other}


def build_actor(user: User, party_id: UUID, *, assurance_level: int = 1, acting_party_id: UUID | None = None) -> Actor:
    """Return the actor that a user is for a party; raises ``NotFound`` when she has no seat there."""
    if not user.is_active:
        raise NotFound
    seat = find_seat(list_seats(user.id, party_ids=[party_id]), party_id, acting_party_id)
    return actor_of_seat(user, seat, assurance_level)


def build_staff_actor(user: User, staff: StaffMember, *, caisse: CaisseRef, assurance_level: int = 1) -> Actor:
    """Return the actor that a user is at the caisse's desk; raises ``NotFound`` outside her dates."""
    span = rights.Span(staff.valid_from, staff.valid_until)
    terms = rights.StaffTerms(frozenset(staff.roles), _some(staff.themes), span)
    today = caisse_today(caisse)
    if not (user.is_active and terms.roles and staff.ended_at is None and span.covers(today)):
        raise NotFound
    return Actor(
        kind="clerk",
        name=user.name,
        user_id=user.id,
        assurance_level=assurance_level,
        rights=rights.staff_rights(terms, offered_themes(caisse), today),
        roles=terms.roles,
    )


def build_support_actor(user: User, caisse: CaisseRef) -> Actor:
    """Return the actor that an operator is within a support access: she reads all themes."""
    return Actor(
        kind="operator",
        name=user.name,
        user_id=user.id,
        assurance_level=ONE_TIME_PASSWORD,
        rights=dict.fromkeys(offered_themes(caisse), rights.READ_ONLY),
        roles=frozenset({"auditor"}),
    )


def access_party(viewer: Actor, party_id: UUID) -> Party:
    """Return a party that the viewer acts for or within, or any for the caisse's own people."""
    if not viewer.is_desk and viewer.kind != "system" and party_id not in {viewer.party_id, viewer.acting_party_id}:
        raise NotFound
    party = Party.objects.filter(id=party_id).first()
    if party is None:
        raise NotFound
    return party


def _query_mandates(user_id: UUID, party_ids: Collection[UUID] | None) -> Sequence[Mandate]:
    # The annotations reuse the join that the filter made: one row for each mandate and membership.
    membership = {f"member_{name}": F(_MEMBER + name) for name in _TERMS}
    membership |= {f"other_{name}": F(f"{_MEMBER}substitute_for__{name}") for name in _TERMS}
    membership |= {f"other_{name}": F(f"{_MEMBER}substitute_for__user__{name}") for name in _NAMES}
    in_use = {_MEMBER + "user_id": user_id, _MEMBER + "ended_at__isnull": True}
    held = Mandate.objects.filter(state="accepted", paused_at=None, **in_use).annotate(**membership)
    if party_ids is not None:
        held = held.filter(for_party_id__in=list(party_ids))
    return list(held.select_related("acting_party", "for_party"))


def _seat_of(mandate: Mandate, offered: Sequence[str], today: date) -> Seat | None:
    membership, terms = _membership_terms(mandate), _mandate_terms(mandate)
    if not rights.in_force(membership, terms, today):
        return None
    reach, administers = (
        rights.membership_rights(membership, terms, offered, today),
        rights.is_administrator(membership, today),
    )
    other = _membership_terms(mandate, "other_") if vars(mandate)["other_role"] else None
    if other is not None:
        if not rights.in_force(other, terms, today):
            return None
        reach = rights.intersect(reach, rights.membership_rights(other, terms, offered, today))
        administers = administers and rights.is_administrator(other, today)
    return Seat(
        acting_party=_shown(mandate.acting_party),
        party=_shown(mandate.for_party),
        rights=reach,
        administrator=administers,
        types=_types_of(mandate, reach),
        stands_in=dict.fromkeys([*reach, ADMINISTRATION], _other_name(mandate)) if other is not None else {},
    )


def _other_name(row: Mandate) -> str:
    joined = vars(row)
    return f"{joined['other_given_name']} {joined['other_family_name']}".strip() or joined["other_sign_in_name"]


def _types_of(mandate: Mandate, reach: Iterable[str]) -> dict[str, frozenset[str]]:
    if mandate.document_types is None:
        return {}
    return {slug: frozenset(key for key in mandate.document_types if key.partition(".")[0] == slug) for slug in reach}


def _mandate_terms(mandate: Mandate) -> rights.MandateTerms:
    return rights.MandateTerms(
        acting_party_id=mandate.acting_party_id,
        party_id=mandate.for_party_id,
        themes=_some(mandate.themes),
        may_act=mandate.may_act,
        span=rights.Span(mandate.valid_from, mandate.valid_until),
        state=mandate.state,
        party_state=mandate.for_party.state,
        declined=mandate.for_party.declined_themes,
    )


def _membership_terms(row: Mandate, whose: str = "member_") -> rights.MembershipTerms:
    joined = {name: vars(row)[whose + name] for name in _TERMS}
    return rights.MembershipTerms(
        party_id=row.acting_party_id,
        themes=_some(joined["themes"]),
        clients=_some(joined["clients"]),
        may_act=joined["may_act"],
        span=rights.Span(joined["valid_from"], joined["valid_until"]),
        administrator=joined["role"] == "administrator",
        ended=joined["ended_at"] is not None,
        cap=_some(joined["cap_themes"]),
        paused=joined["paused_at"] is not None,
    )


def _some(listed: Iterable[T] | None) -> frozenset[T] | None:
    return None if listed is None else frozenset(listed)


def _shown(party: Party) -> SeatParty:
    return SeatParty(id=party.id, name=party.name, number=party.number, kind=party.kind, state=party.state)
