"""Leaving a company: what a user still holds, to whom it goes, and the end of her access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext

from core.accounts.ending import end_access
from core.accounts.memberships import guard
from core.accounts.memberships.coverage import covers
from core.accounts.memberships.errors import ColleagueLacksTheme, ColleagueMissing
from core.accounts.memberships.holdings import ANY_THEME, list_holdings
from core.accounts.memberships.place import difference, place_of
from core.accounts.memberships.selectors import in_state, list_colleagues
from core.accounts.memberships.services import access_member, end_tokens_beyond, note, refusal, say_change
from core.accounts.memberships.telling import tell, tell_person
from core.accounts.memberships.wording import name_action
from core.accounts.models import AccessRequest, ApiToken, Membership, StaffMember, User
from core.accounts.policy import caisse_today, offered_themes
from core.accounts.seats import list_seats
from core.kernel import clock
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.memberships.place import MemberPlace
    from core.kernel.actors import Actor
    from core.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of thing that she holds, how many, and by theme and the party for whom."""

    name: str
    label: Text
    count: int
    places: tuple[tuple[str, UUID], ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What the page shows before somebody leaves. ``alone_in`` are themes in which nobody else could act."""

    member: Membership
    held: tuple[Held, ...]
    tokens: tuple[ApiToken, ...]
    substitutions: int
    colleagues: tuple[Membership, ...]
    alone_in: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many things need a colleague."""
        return sum(one.count for one in self.held)


def look_at_leaving(viewer: Actor, membership_id: UUID) -> Leaving:
    """Return what a user still holds; raises ``not_found``."""
    member = access_member(viewer, membership_id)
    live = ApiToken.objects.filter(
        user_id=member.user_id, acting_party_id=member.party_id, revoked_at__isnull=True, expires_at__gt=clock.now()
    )
    colleagues = list_colleagues(member.party_id, apart=member.id)
    return Leaving(
        member,
        _list_held(member),
        tuple(live.order_by("created_at")),
        _substitutions(member).filter(substitute_for_id=member.id).count(),
        tuple(one for one in colleagues if one.user_id != member.user_id),
        _alone_in(member),
    )


def end_member(
    *, actor: Actor, membership_id: UUID, to: UUID | None = None, widen: bool = False, reason: str = ""
) -> int:
    """End a user's place; what she holds goes to the colleague of the place ``to``; return how much that was.

    One transaction: with the commit her sessions and the programs' accesses that she made for this company end.
    With ``widen`` the colleague gets her themes and clients as well. An account that serves nothing else is
    closed. Raises ``not_found``, ``colleague_missing`` where something is held and nobody named,
    ``colleague_lacks_theme``, ``last_company_administrator``, ``member_changed``.
    """
    member = access_member(actor, membership_id)
    held = _list_held(member)
    moved = 0
    if any(one.count for one in held):
        colleague = _access_colleague(member, to)
        moved = _hand_over(actor, member, held, colleague, widen=widen)
        tell_person(actor=actor, party=member.party, user=colleague.user, say=lambda: _say_handed_over(member, moved))
    now, today = clock.now(), caisse_today(current_caisse())
    why = " ".join(reason.split())[:200]
    if not guard.end(member, today, now=now, by=actor.user_id, reason=why):
        raise refusal(member, today)
    _substitutions(member).update(ended_at=now, ended_by=actor.user_id)
    AccessRequest.objects.filter(user_id=member.user_id, party_id=member.party_id, state="waiting").update(
        state="withdrawn", answered_at=now, answered_by=actor.user_id
    )
    end_tokens_beyond(actor, member.user_id, member.party_id)
    _shut(actor, member)
    note(actor, "member_ended", member, {"handed_over": moved, **({"reason": why} if why else {})})
    tell(actor=actor, party=member.party, user=member.user, say=lambda: [name_action("member_ended")])
    return moved


def _shut(actor: Actor, member: Membership) -> None:
    """End what she has open. The account stays where it serves another company, herself or the caisse."""
    others = Membership.objects.filter(user_id=member.user_id, ended_at__isnull=True).exists()
    works_here = StaffMember.objects.filter(user_id=member.user_id, ended_at__isnull=True).exists()
    end_access(actor=actor, user_id=member.user_id, reason="left_company", tokens=not (others or works_here))
    if not (others or works_here):
        User.objects.filter(id=member.user_id).exclude(state="blocked").update(
            state="left", state_changed_at=clock.now(), state_reason=""
        )


def _list_held(member: Membership) -> tuple[Held, ...]:
    found = []
    for holding in list_holdings():
        counts = holding.count(member.user_id, member.party_id)
        found.append(Held(holding.name, holding.label, sum(counts.values()), tuple(sorted(counts))))
    return tuple(found)


def _access_colleague(member: Membership, to: UUID | None) -> Membership:
    if to is None:
        raise ColleagueMissing
    today = caisse_today(current_caisse())
    found = Membership.objects.select_related("user", "party").filter(
        in_state("active", today), id=to, party_id=member.party_id, substitute_for__isnull=True
    )
    colleague = found.exclude(user_id=member.user_id).first()
    if colleague is None:
        raise ColleagueMissing
    return colleague


def _hand_over(actor: Actor, member: Membership, held: tuple[Held, ...], colleague: Membership, *, widen: bool) -> int:
    if widen:
        _widen(actor, member, colleague)
    places = {place for one in held for place in one.places}
    seats = {seat.party.id: seat for seat in list_seats(colleague.user_id) if seat.acting_party.id == member.party_id}
    for theme, party_id in places:
        if theme == ANY_THEME:
            continue
        seat = seats.get(party_id)
        if seat is None or theme not in seat.rights or not seat.rights[theme].act:
            raise ColleagueLacksTheme
    return sum(
        holding.hand_over(actor, member.party_id, member.user_id, colleague.user_id) for holding in list_holdings()
    )


def _say_handed_over(member: Membership, moved: int) -> list[str]:
    return [gettext("Handed to you: %(count)s, until now with %(name)s") % {"count": moved, "name": member.user.name}]


def _widen(actor: Actor, member: Membership, colleague: Membership) -> None:
    before, hers = place_of(colleague), place_of(member)
    wanted = _united(before, hers)
    if wanted == before:
        return
    today = caisse_today(current_caisse())
    if not guard.move(colleague, today, before=before, after=wanted):
        raise refusal(colleague, today)
    data = difference(before, wanted)
    note(actor, "member_changed", colleague, data)
    tell(actor=actor, party=colleague.party, user=colleague.user, say=lambda: say_change("member_changed", data))


def _united(one: MemberPlace, other: MemberPlace) -> MemberPlace:
    themes = None if one.themes is None or other.themes is None else tuple(sorted({*one.themes, *other.themes}))
    clients = None if one.clients is None or other.clients is None else tuple(sorted({*one.clients, *other.clients}))
    return type(one)(one.role, themes, clients, one.may_act or other.may_act, one.valid_from, one.valid_until)


def _substitutions(member: Membership) -> QuerySet[Membership]:
    return Membership.objects.filter(
        Q(substitute_for_id=member.id) | Q(user_id=member.user_id, party_id=member.party_id),
        substitute_for__isnull=False,
        ended_at__isnull=True,
    )


def _alone_in(member: Membership) -> tuple[str, ...]:
    """Return her themes in which no colleague could act tomorrow."""
    offered = offered_themes(current_caisse(), member.party.number)
    hers = [slug for slug in offered if member.themes is None or slug in member.themes] if member.may_act else []
    others = list_colleagues(member.party_id, apart=member.id)
    covered = {slug for one in others for slug in offered if covers(one, slug)}
    return tuple(slug for slug in hers if slug not in covered)
