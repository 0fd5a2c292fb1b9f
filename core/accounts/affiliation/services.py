"""Entering an end: by the party's administrator, or by the caisse's people; taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.accounts.affiliation.carrying_out import carry_out, move_party
from core.accounts.affiliation.dates import Days, leave_after, renounce_on, renunciation_day
from core.accounts.affiliation.errors import (
    EndingDayNotValid,
    EndingNotForThisParty,
    EndingNothingChosen,
    EndingOver,
    EndingReasonMissing,
    EndingStands,
)
from core.accounts.affiliation.settings import YEAR_END, ending_settings
from core.accounts.affiliation.telling import tell
from core.accounts.affiliation.years import find_last_day
from core.accounts.memberships.services import access_company
from core.accounts.models import Party, PartyEnding
from core.accounts.policy import caisse_today, offered_themes
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from core.kernel.actors import Actor

LONGEST_REASON = 500
MORTAL = frozenset({"insured", "self_employed"})


@dataclass(frozen=True, slots=True)
class Renunciation:
    """What is renounced: some themes or (None) all; by which rule, and from when."""

    themes: tuple[str, ...] | None
    received_on: date
    rule: str
    days: Days


def compute_renunciation(party: Party, themes: Iterable[str] | None, received_on: date | None = None) -> Renunciation:
    """Return what a renunciation would do; writes nothing.

    Raises ``ending_nothing_chosen``, ``ending_day_not_valid``.
    """
    today, settings = caisse_today(current_caisse()), ending_settings()
    received = received_on or today
    if received > today:
        raise EndingDayNotValid
    chosen = None if themes is None else tuple(sorted(set(themes)))
    if chosen is not None and (not chosen or set(chosen) - set(list_renounceable(party))):
        raise EndingNothingChosen
    months = settings.renunciation_read_only_months if chosen is None else 0
    year_ends = find_last_day(party.id, received) if chosen is None else None
    days = renounce_on(received, today, settings.renunciation, months, year_ends=year_ends)
    with_the_year = year_ends is not None and renunciation_day(received, settings.renunciation) > year_ends
    return Renunciation(chosen, received, YEAR_END if with_the_year else settings.renunciation, days)


def list_renounceable(party: Party) -> list[str]:
    """Return the slugs of the themes that are offered to a party and that she has not declined."""
    return [slug for slug in offered_themes(current_caisse(), party.number) if slug not in party.declined_themes]


def renounce(*, actor: Actor, themes: Iterable[str] | None) -> PartyEnding:
    """Renounce some themes or (None) the portal, as the party's administrator.

    Raises ``not_permitted``, ``ending_nothing_chosen``, ``ending_stands``.
    """
    party = access_company(actor)
    return _renounce(actor, party, compute_renunciation(party, themes), by_letter=False)


def enter_renunciation(*, actor: Actor, party_id: UUID, themes: Iterable[str] | None, received_on: date) -> PartyEnding:
    """Enter a renunciation that came by registered letter, with the day of its receipt; by a clerk."""
    party = _access_as_clerk(actor, party_id)
    return _renounce(actor, party, compute_renunciation(party, themes, received_on), by_letter=True)


def end_affiliation(*, actor: Actor, party_id: UUID, last_day: date) -> PartyEnding:
    """Say until when a party is affiliated; the next day it only reads, and after the caisse's period nothing.

    Raises ``ending_day_not_valid``, ``ending_stands``.
    """
    party = _access_as_clerk(actor, party_id)
    if party.affiliated_from is not None and last_day < party.affiliated_from:
        raise EndingDayNotValid
    days = leave_after(last_day, ending_settings().read_only_months)
    made = _enter(actor, party, PartyEnding(kind="affiliation", received_on=caisse_today(current_caisse())), days)
    Party.objects.filter(id=party.id).update(affiliated_until=last_day)
    return made


def exclude_party(*, actor: Actor, party_id: UUID, reason: str, on: date | None = None) -> PartyEnding:
    """Withdraw the access, today or on a later day, with a reason; by an administrator of the caisse."""
    party, today = _access_as_clerk(actor, party_id, administrator=True), caisse_today(current_caisse())
    day = on or today
    if day < today:
        raise EndingDayNotValid
    return _enter(actor, party, PartyEnding(kind="exclusion", reason=_clean(reason), received_on=today), Days(day, day))


def suspend_party(*, actor: Actor, party_id: UUID, reason: str) -> PartyEnding:
    """Let the access rest at once, with a reason, until it is taken back; by an administrator of the caisse."""
    party, today = _access_as_clerk(actor, party_id, administrator=True), caisse_today(current_caisse())
    wanted = PartyEnding(kind="suspension", reason=_clean(reason), received_on=today)
    return _enter(actor, party, wanted, Days(today, today))


def report_death(*, actor: Actor, party_id: UUID, died_on: date, proof: str) -> PartyEnding:
    """Enter a death with what proves it: sign-in and mandates end at once; heirs get mandates on proof of their own."""
    party, today = _access_as_clerk(actor, party_id), caisse_today(current_caisse())
    if party.kind not in MORTAL:
        raise EndingNotForThisParty
    if died_on > today or (party.birth_date is not None and died_on < party.birth_date):
        raise EndingDayNotValid
    wanted = PartyEnding(kind="death", reason=_clean(proof), received_on=died_on)
    return _enter(actor, party, wanted, Days(today, today))


def take_back(*, actor: Actor, party_id: UUID, ending_id: UUID) -> None:
    """Take back what waits, runs or rests, or an access that was closed: the party is as active as nothing had been.

    What ended with a closed access (places, mandates, programs) is given anew; a death is not taken back here.
    Raises ``not_found``, ``ending_over``.
    """
    ending = PartyEnding.objects.select_related("party").filter(id=ending_id, party_id=party_id).first()
    if ending is None:
        raise NotFound
    _access_as_clerk(actor, ending.party_id, administrator=ending.kind in {"exclusion", "suspension"})
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


def _renounce(actor: Actor, party: Party, wanted: Renunciation, *, by_letter: bool) -> PartyEnding:
    made = PartyEnding(
        kind="renunciation",
        themes=None if wanted.themes is None else list(wanted.themes),
        received_on=wanted.received_on,
        rule=wanted.rule,
        by_letter=by_letter,
    )
    return _enter(actor, party, made, wanted.days)


def _enter(actor: Actor, party: Party, ending: PartyEnding, days: Days) -> PartyEnding:
    if party.state == "ended" and ending.kind != "death":
        raise EndingStands
    ending.party, ending.takes_effect_on, ending.ends_on = party, days.effect, days.end
    ending.created_at, ending.created_by, ending.created_by_name = clock.now(), actor.user_id, actor.name
    try:
        with transaction.atomic():
            ending.save(force_insert=True)
    except IntegrityError:
        raise EndingStands from None
    _note(actor, ending, "party_ending_announced")
    today = caisse_today(current_caisse())
    if days.effect > today:
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


def _access_as_clerk(actor: Actor, party_id: UUID, *, administrator: bool = False) -> Party:
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


def _clean(reason: str) -> str:
    text = " ".join(reason.split())[:LONGEST_REASON]
    if not text:
        raise EndingReasonMissing
    return text


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
        },
    )
