"""Carrying an end out on its day: one guarded statement decides, and whoever comes second does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from core.accounts.affiliation.telling import tell
from core.accounts.ending import end_access
from core.accounts.invitations.sending import revoke_invitation
from core.accounts.memberships.choosing import write_choice
from core.accounts.models import ApiToken, Mandate, MandateRequest, Membership, Party, PartyEnding, StaffMember, User
from core.accounts.policy import caisse_today
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

BATCH = 200
SCHEDULER = Actor.system("scheduler")
CLOSING = frozenset({"affiliation", "renunciation", "exclusion"})


def carry_out_endings(actor: Actor = SCHEDULER) -> int:
    """Do what is due today in the open scope's caisse, a limited number at a time; return how many. Repeatable."""
    today = caisse_today(current_caisse())
    beginning = PartyEnding.objects.filter(state="announced", takes_effect_on__lte=today)
    over = PartyEnding.objects.filter(state="running", kind__in=CLOSING, ends_on__lte=today)
    due = [*beginning.order_by("takes_effect_on", "id")[:BATCH], *over.order_by("ends_on", "id")[:BATCH]]
    return sum(carry_out(actor, one.id, today) for one in due)


def carry_out(actor: Actor, ending_id: UUID, today: date) -> bool:
    """Do what is due of one end; whether something was."""
    ending = PartyEnding.objects.select_related("party").get(id=ending_id)
    before = ending.state
    if before == "announced" and ending.takes_effect_on <= today:
        after = "running" if ending.kind == "suspension" or _reads_on(ending, today) else "done"
    elif before == "running" and ending.kind in CLOSING and ending.ends_on <= today:
        after = "done"
    else:
        return False
    values = {"done_at": clock.now()} if after == "done" else {}
    if not PartyEnding.objects.filter(id=ending.id, state=before).update(state=after, **values):
        return False
    _do(actor, ending, after)
    return True


def _reads_on(ending: PartyEnding, today: date) -> bool:
    return ending.kind in CLOSING and ending.themes is None and today < ending.ends_on


def _do(actor: Actor, ending: PartyEnding, after: str) -> None:
    ending.state = after
    _note(actor, ending, after)
    # Before the mandates end: who acts for the party hears of it too.
    tell(ending, "running" if after == "running" else "done")
    if ending.themes is not None:
        for slug in ending.themes:
            write_choice(party_id=ending.party_id, slug=slug, taken=False, on=ending.takes_effect_on)
    elif ending.kind == "death":
        _end_person(actor, ending)
    elif after == "done":
        move_party(ending.party_id, "ended", "active", "read_only", "suspended")
        _end_party(actor, ending)
    elif ending.kind == "suspension":
        move_party(ending.party_id, "suspended", "active", "read_only")
    else:
        move_party(ending.party_id, "read_only", "active")


def move_party(party_id: UUID, target: str, *sources: str) -> bool:
    """Move a party's state where it is one of the sources; whether it was."""
    return bool(Party.objects.filter(id=party_id, state__in=sources).update(state=target))


def _end_party(actor: Actor, ending: PartyEnding) -> None:
    """End mandates, places and programs' accesses of a party; who serves nobody else is signed out."""
    users = list(_live_memberships(ending.party_id).values_list("user_id", flat=True))
    _end_mandates(actor, ending)
    _live_memberships(ending.party_id).update(ended_at=clock.now(), ended_by=actor.user_id, end_reason=ending.kind)
    tokens = ApiToken.objects.filter(Q(party_id=ending.party_id) | Q(acting_party_id=ending.party_id))
    tokens.filter(revoked_at__isnull=True).update(revoked_at=clock.now(), revoked_by=actor.user_id)
    for user_id in _without_place(users):
        revoke_invitation(actor=actor, user_id=user_id)
        end_access(actor=actor, user_id=user_id, reason="affiliation_ended")


def _end_person(actor: Actor, ending: PartyEnding) -> None:
    """End the sign-in of who has died and all that she held or had given; heirs enter by mandates of their own."""
    users = list(_live_memberships(ending.party_id).values_list("user_id", flat=True))
    _end_mandates(actor, ending)
    now = clock.now()
    places = Membership.objects.filter(user_id__in=users, ended_at__isnull=True)
    places.update(ended_at=now, ended_by=actor.user_id, end_reason="death")
    work = StaffMember.objects.filter(user_id__in=users, ended_at__isnull=True)
    work.update(ended_at=now, ended_by=actor.user_id)
    User.objects.filter(id__in=users).update(state="left", state_changed_at=now, state_reason="death")
    for user_id in users:
        revoke_invitation(actor=actor, user_id=user_id)
        end_access(actor=actor, user_id=user_id, reason="death")


def _end_mandates(actor: Actor, ending: PartyEnding) -> None:
    held = Mandate.objects.filter(Q(for_party_id=ending.party_id) | Q(acting_party_id=ending.party_id))
    held.filter(state__in=("asked", "accepted")).update(
        state="ended", ended_at=clock.now(), ended_by=actor.user_id, end_reason=ending.kind
    )
    asked = MandateRequest.objects.filter(Q(from_party_id=ending.party_id) | Q(to_party_id=ending.party_id))
    asked.filter(state="waiting").update(state="lapsed", answered_at=clock.now())


def _live_memberships(party_id: UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(party_id=party_id, ended_at__isnull=True)


def _without_place(users: Iterable[UUID]) -> set[UUID]:
    """Return those who neither act for another party any more nor work for the caisse."""
    found = set(users)
    placed = Membership.objects.filter(user_id__in=found, ended_at__isnull=True).values_list("user_id", flat=True)
    staff = StaffMember.objects.filter(user_id__in=found, ended_at__isnull=True).values_list("user_id", flat=True)
    return found - set(placed) - set(staff)


def _note(actor: Actor, ending: PartyEnding, after: str) -> None:
    record(
        actor=actor,
        action=f"party_ending_{after}",
        object_type="party",
        object_id=ending.party_id,
        for_party_id=ending.party_id,
        data={"kind": ending.kind, "effect": ending.takes_effect_on.isoformat(), "end": ending.ends_on.isoformat()},
    )
