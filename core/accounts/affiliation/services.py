"""Entering an end: by the party's administrator, or by the caisse's people; taking one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.accounts.affiliation import planning
from core.accounts.affiliation.carrying_out import carry_out, move_party
from core.accounts.affiliation.errors import DeathProofMissing, EndingDayNotValid, EndingOver, EndingStands
from core.accounts.affiliation.telling import tell
from core.accounts.memberships.services import access_company
from core.accounts.models import Party, PartyEnding
from core.accounts.policy import caisse_today
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from core.kernel.actors import Actor

FOR_ADMINISTRATORS = frozenset({"exclusion", "suspension"})


def renounce(*, actor: Actor, themes: Iterable[str] | None) -> PartyEnding:
    """Renounce some themes or (None) the portal, as the party's administrator.

    Raises ``not_permitted``, ``ending_nothing_chosen``, ``ending_stands``.
    """
    return _enter(actor, planning.plan_renunciation(access_company(actor), themes))


def enter_renunciation(*, actor: Actor, party_id: UUID, themes: Iterable[str] | None, received_on: date) -> PartyEnding:
    """Enter a renunciation that came by registered letter, with the day of its receipt; by a clerk."""
    party = access_as_clerk(actor, party_id)
    return _enter(actor, planning.plan_renunciation(party, themes, received_on, by_letter=True))


def end_affiliation(*, actor: Actor, party_id: UUID, last_day: date) -> PartyEnding:
    """Say until when a party is affiliated; the next day it only reads, and after the caisse's period nothing.

    Raises ``ending_day_not_valid``, ``ending_stands``.
    """
    made = _enter(actor, planning.plan_leaving(access_as_clerk(actor, party_id), last_day))
    Party.objects.filter(id=party_id).update(affiliated_until=last_day)
    return made


def set_first_day(*, actor: Actor, party_id: UUID, first_day: date) -> None:
    """Say from when a party is affiliated; by a clerk. Raises ``ending_day_not_valid``."""
    party = access_as_clerk(actor, party_id)
    in_order = Party.objects.filter(id=party.id).exclude(affiliated_until__lt=first_day)
    if not in_order.update(affiliated_from=first_day):
        raise EndingDayNotValid
    record(
        actor=actor,
        action="affiliation_dated",
        object_type="party",
        object_id=party.id,
        for_party_id=party.id,
        data={"from": first_day.isoformat()},
    )


def exclude_party(*, actor: Actor, party_id: UUID, reason: str, on: date | None = None) -> PartyEnding:
    """Withdraw the access, today or on a later day, with a reason; by an administrator of the caisse."""
    return _enter(actor, planning.plan_exclusion(access_as_clerk(actor, party_id, administrator=True), reason, on))


def suspend_party(*, actor: Actor, party_id: UUID, reason: str) -> PartyEnding:
    """Let the access rest at once, with a reason, until it is taken back; by an administrator of the caisse."""
    return _enter(actor, planning.plan_suspension(access_as_clerk(actor, party_id, administrator=True), reason))


def report_death(*, actor: Actor, party_id: UUID, died_on: date, proof: str, document_id: UUID | None) -> PartyEnding:
    """Enter a death with the document that proves it and what that is: sign-in and mandates end at once.

    Heirs get mandates on proof of their own. Raises ``death_proof_missing``, and what ``plan_death`` raises.
    """
    planned = planning.plan_death(access_as_clerk(actor, party_id), died_on, proof)
    if document_id is None:
        raise DeathProofMissing
    planned.document_id = document_id
    return _enter(actor, planned)


def take_back(*, actor: Actor, party_id: UUID, ending_id: UUID) -> None:
    """Take back what waits, runs or rests, or an access that was closed: the party is as active as nothing had been.

    What ended with a closed access (places, mandates, programs) is given anew; a death is not taken back here.
    Raises ``not_found``, ``ending_over``.
    """
    ending = PartyEnding.objects.select_related("party").filter(id=ending_id, party_id=party_id).first()
    if ending is None:
        raise NotFound
    access_as_clerk(actor, ending.party_id, administrator=ending.kind in FOR_ADMINISTRATORS)
    if not is_reversible(ending):
        raise EndingOver
    values = {"state": "cancelled", "cancelled_at": clock.now(), "cancelled_by": actor.user_id}
    if not PartyEnding.objects.filter(id=ending.id, state=ending.state).update(**values):
        raise EndingOver
    _reopen(ending)
    _note(actor, ending, "party_ending_cancelled")
    tell(ending, "cancelled")


def is_reversible(ending: PartyEnding) -> bool:
    """Whether an end can be taken back."""
    if ending.state == "done":
        return ending.kind != "death" and ending.themes is None and ending.party.state == "ended"
    return ending.state in {"announced", "running"}


def _enter(actor: Actor, ending: PartyEnding) -> PartyEnding:
    if ending.party.state == "ended" and ending.kind != "death":
        raise EndingStands
    ending.created_at, ending.created_by, ending.created_by_name = clock.now(), actor.user_id, actor.name
    try:
        with transaction.atomic():
            ending.save(force_insert=True)
    except IntegrityError:
        raise EndingStands from None
    _note(actor, ending, "party_ending_announced")
    today = caisse_today(current_caisse())
    if ending.takes_effect_on > today:
        tell(ending, "announced")
    else:
        carry_out(actor, ending.id, today)
    ending.refresh_from_db()
    return ending


def _reopen(ending: PartyEnding) -> None:
    if ending.kind == "affiliation":
        Party.objects.filter(id=ending.party_id).update(affiliated_until=None)
    if ending.state == "announced" or ending.themes is not None:
        return
    others = PartyEnding.objects.filter(party_id=ending.party_id, state="running").values_list("kind", flat=True)
    kinds = set(others)
    target = "suspended" if "suspension" in kinds else "read_only" if kinds else "active"
    move_party(ending.party_id, target, "active", "read_only", "suspended", "ended")


def access_as_clerk(actor: Actor, party_id: UUID, *, administrator: bool = False) -> Party:
    """Return a party for whom the actor may enter ends; raises ``not_permitted``, ``not_found``."""
    if not may_enter(actor, administrator=administrator):
        raise NotPermitted
    party = Party.objects.filter(id=party_id).first()
    if party is None:
        raise NotFound
    return party


def may_enter(actor: Actor, *, administrator: bool = False) -> bool:
    """Whether an actor may enter ends: clerks and administrators; exclude and suspend: administrators alone."""
    roles = {"administrator"} if administrator else {"clerk", "administrator"}
    return actor.kind == "clerk" and actor.token_id is None and bool(actor.roles & roles)


def _note(actor: Actor, ending: PartyEnding, action: str) -> None:
    record(
        actor=actor,
        action=action,
        object_type="party",
        object_id=ending.party_id,
        for_party_id=ending.party_id,
        data={
            "kind": ending.kind,
            "themes": "*" if ending.themes is None else ",".join(ending.themes),
            "received": ending.received_on.isoformat(),
            "effect": ending.takes_effect_on.isoformat(),
            "end": ending.ends_on.isoformat(),
            "reason": ending.reason,
            "by_letter": ending.by_letter,
            **({"document": str(ending.document_id)} if ending.document_id else {}),
        },
    )
