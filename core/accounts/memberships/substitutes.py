"""Substitutes: a colleague who stands in for a user from one day to another, and whose acts say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext

from core.accounts.invitations.errors import DatesNotValid
from core.accounts.memberships.errors import SubstituteForTooLong, SubstituteNotValid
from core.accounts.memberships.holdings import ANY_THEME, Holding, register_holding
from core.accounts.memberships.selectors import in_state
from core.accounts.memberships.services import access_company, note
from core.accounts.memberships.telling import tell_person
from core.accounts.memberships.wording import name_action
from core.accounts.models import Membership
from core.accounts.policy import caisse_today
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.kernel.periods import add_months
from core.kernel.text import N_
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from core.kernel.actors import Actor

LONGEST_MONTHS = 12


def name_substitute(
    *, actor: Actor, membership_id: UUID, by: UUID, first: date | None, last: date | None, administers: bool = False
) -> Membership:
    """Let the user of the place ``by`` stand in for another; by that other one or an administrator.

    She reaches what the other one reaches, on the same day, and administers the company only where that was
    named and the other does. It ends by itself. Both are told. Raises ``not_found``, ``not_permitted``,
    ``substitute_not_valid``, ``dates_not_valid``, ``substitute_for_too_long``.
    """
    member = _access_place(actor, membership_id)
    today = caisse_today(current_caisse())
    colleague = (
        Membership.objects.select_related("user")
        .filter(in_state("active", today), id=by, party_id=member.party_id, substitute_for__isnull=True)
        .exclude(user_id=member.user_id)
        .first()
    )
    if colleague is None:
        raise SubstituteNotValid
    if first is None or last is None or last > add_months(first, LONGEST_MONTHS):
        raise SubstituteForTooLong(months=LONGEST_MONTHS)
    if last < first or last < today:
        raise DatesNotValid
    made = Membership.objects.create(
        user=colleague.user,
        party_id=member.party_id,
        role="administrator" if administers and member.role == "administrator" else "member",
        valid_from=first,
        valid_until=last,
        substitute_for=member,
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    _tell(actor, "substitute_named", made, member)
    return made


def register() -> None:
    """Let what somebody stands in for go to a colleague when she leaves."""
    register_holding(Holding("substitutes", N_("Stands in for colleagues"), _count_standing_in, _hand_standing_in_over))


def _standing_in(user_id: UUID, company_id: UUID) -> QuerySet[Membership]:
    """Return the places of colleagues for whom she stands in, now or later."""
    today = caisse_today(current_caisse())
    found = Membership.objects.filter(user_id=user_id, party_id=company_id, substitute_for__isnull=False)
    return found.filter(ended_at__isnull=True, valid_until__gte=today, substitute_for__ended_at__isnull=True)


def _count_standing_in(user_id: UUID, company_id: UUID) -> dict[tuple[str, UUID], int]:
    count = _standing_in(user_id, company_id).count()
    return {(ANY_THEME, company_id): count} if count else {}


def _hand_standing_in_over(actor: Actor, company_id: UUID, user_id: UUID, to: UUID) -> int:
    """Let the colleague stand in from today on instead; where she is the one stood in for, it only ends."""
    moved, today, now = 0, caisse_today(current_caisse()), clock.now()
    for held in _standing_in(user_id, company_id).select_related("substitute_for__user", "party"):
        Membership.objects.filter(id=held.id, ended_at__isnull=True).update(ended_at=now, ended_by=actor.user_id)
        moved += 1
        member = held.substitute_for
        if member is None or member.user_id == to:
            continue
        made = Membership.objects.create(
            user_id=to,
            party_id=company_id,
            role=held.role,
            valid_from=max(held.valid_from, today),
            valid_until=held.valid_until,
            substitute_for=member,
            created_at=now,
            created_by=actor.user_id,
        )
        _tell(actor, "substitute_named", made, member)
    return moved


def end_substitute(*, actor: Actor, substitution_id: UUID) -> None:
    """End a substitution before its day; by either of the two or an administrator. Repeatable."""
    made = Membership.objects.select_related("user", "substitute_for__user", "party").filter(
        id=substitution_id, substitute_for__isnull=False
    )
    found = made.first()
    if found is None or found.substitute_for is None:
        raise NotFound
    if found.user_id != actor.user_id:
        _access_place(actor, found.substitute_for.id)
    if Membership.objects.filter(id=found.id, ended_at__isnull=True).update(
        ended_at=clock.now(), ended_by=actor.user_id
    ):
        _tell(actor, "substitute_ended", found, found.substitute_for)


def _access_place(actor: Actor, membership_id: UUID) -> Membership:
    """Return a place that is the actor's own, or in the company that she administers."""
    member = (
        Membership.objects.select_related("user", "party")
        .filter(pk=membership_id, ended_at__isnull=True, substitute_for__isnull=True)
        .first()
    )
    if member is None or actor.token_id is not None or actor.is_desk:
        raise NotFound
    if member.user_id != actor.user_id:
        try:
            party = access_company(actor)
        except NotPermitted as error:
            raise NotFound from error
        if party.id != member.party_id:
            raise NotFound
    return member


def _tell(actor: Actor, action: str, made: Membership, member: Membership) -> None:
    first, last = made.valid_from, made.valid_until or made.valid_from
    days = {"from": first.isoformat(), "until": last.isoformat()}
    note(actor, action, member, {"by_user": str(made.user_id), **days})

    def say() -> list[str]:
        texts = {
            "substitute": made.user.name,
            "other": member.user.name,
            "first": date_format(first, "SHORT_DATE_FORMAT"),
            "last": date_format(last, "SHORT_DATE_FORMAT"),
        }
        return [
            name_action(action),
            gettext("%(substitute)s stands in for %(other)s, from %(first)s to %(last)s") % texts,
        ]

    for user in (made.user, member.user):
        if user.id != actor.user_id:
            tell_person(actor=actor, party=member.party, user=user, say=say)
