"""Changing, confirming and ending a mandate: one guarded statement each, with its trail and a mail to both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from core.accounts.mandates import telling
from core.accounts.mandates.answering import check_is_clerk, clean_reason
from core.accounts.mandates.asking import check_may_keep
from core.accounts.mandates.errors import MandateByLaw, MandateChanged, MandateWidened
from core.accounts.mandates.pairs import check_free
from core.accounts.mandates.terms import is_within, terms_of
from core.accounts.models import Mandate
from core.accounts.policy import caisse_today
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.mandates.terms import Terms
    from core.kernel.actors import Actor


def access_mandate(actor: Actor, mandate_id: UUID) -> Mandate:
    """Return a mandate of the actor's own party, on either side, or any at the desk; raises ``not_found``."""
    found = Mandate.objects.select_related("acting_party", "for_party").exclude(basis="self")
    mandate = found.filter(id=mandate_id).first()
    if mandate is None:
        raise NotFound
    if not actor.is_desk and actor.party_id not in {mandate.acting_party_id, mandate.for_party_id}:
        raise NotFound
    return mandate


def change_mandate(*, actor: Actor, mandate_id: UUID, terms: Terms, seen: int) -> Mandate:
    """Change what a mandate allows; ``seen`` is the revision that the page showed.

    Who is represented, and a clerk, may do what they like; who acts may only give up rights. Raises
    ``mandate_changed``, ``mandate_widened``, ``mandate_by_law``, ``mandate_overlaps``.
    """
    mandate = _access_own(actor, mandate_id)
    before = terms_of(mandate)
    if terms == before and seen == mandate.revision:
        return mandate
    if not actor.is_desk:
        _check_side(actor, mandate, before, terms)
    check_free(mandate.acting_party_id, mandate.for_party_id, terms, but=mandate.id)
    _move(mandate, seen, **terms.values)
    telling.note(actor, "mandate_changed", mandate, terms.in_words)
    telling.tell_both(mandate, telling.ALTERED)
    return access_mandate(actor, mandate_id)


def end_mandate(*, actor: Actor, mandate_id: UUID, reason: str) -> None:
    """End a mandate at once, from either side or at the desk: from the next request on it gives no right.

    Raises ``mandate_reason_missing``, ``mandate_changed`` where it has ended, ``mandate_by_law`` for who is
    represented by law.
    """
    mandate = _access_own(actor, mandate_id)
    if mandate.basis == "law" and actor.party_id == mandate.for_party_id and not actor.is_desk:
        raise MandateByLaw
    why = clean_reason(reason, needed=True)
    ended = Mandate.objects.filter(id=mandate.id, state="accepted").update(
        state="ended",
        ended_at=clock.now(),
        ended_by=actor.user_id,
        end_reason=why,
        revision=F("revision") + 1,
    )
    if not ended:
        raise MandateChanged
    telling.note(actor, "mandate_ended", mandate, {"reason": why})
    telling.tell_both(mandate, telling.ENDED)


def confirm_mandate(*, actor: Actor, mandate_id: UUID) -> None:
    """Confirm at its yearly review that a mandate goes on, as who is represented or a clerk; ends a pause.

    Who acts by law confirms it herself, since who is represented may be unable to.
    """
    mandate = _access_own(actor, mandate_id)
    may = actor.is_desk or actor.party_id == mandate.for_party_id or mandate.basis == "law"
    if not may:
        raise NotPermitted
    confirmed = Mandate.objects.filter(id=mandate.id, state="accepted").update(
        reviewed_on=caisse_today(current_caisse()), reminded_on=None, paused_at=None, revision=F("revision") + 1
    )
    if not confirmed:
        raise MandateChanged
    telling.note(actor, "mandate_confirmed", mandate)


def _access_own(actor: Actor, mandate_id: UUID) -> Mandate:
    if actor.is_desk:
        check_is_clerk(actor)
    else:
        check_may_keep(actor)
    return access_mandate(actor, mandate_id)


def _check_side(actor: Actor, mandate: Mandate, before: Terms, after: Terms) -> None:
    if actor.party_id == mandate.acting_party_id and not is_within(after, before):
        raise MandateWidened
    if mandate.basis == "law" and actor.party_id == mandate.for_party_id:
        raise MandateByLaw


def _move(mandate: Mandate, seen: int, **values: object) -> None:
    moved = Mandate.objects.filter(id=mandate.id, state="accepted", revision=seen).update(
        revision=F("revision") + 1, **values
    )
    if not moved:
        raise MandateChanged
