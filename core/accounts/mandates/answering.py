"""Answering a request for a mandate: by the administrator of who was asked, or by a clerk who checked the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.mandates import telling
from core.accounts.mandates.asking import check_may_keep, find_party, settle
from core.accounts.mandates.errors import (
    MandateBasisNotValid,
    MandatePartyUnknown,
    MandateReasonMissing,
    MandateRequestSettled,
)
from core.accounts.mandates.pairs import create_mandate
from core.accounts.mandates.terms import terms_of
from core.accounts.models import Mandate, MandateRequest, Party
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.mandates.terms import Terms
    from core.kernel.actors import Actor

LONGEST_REASON = 200


def accept_request(*, actor: Actor, request_id: UUID) -> Mandate:
    """Give or take what was asked for; raises ``not_found``, ``mandate_request_settled``, ``mandate_overlaps``."""
    asked = _access_received(actor, request_id)
    return _grant(actor, asked, asked.to_party)


def refuse_request(*, actor: Actor, request_id: UUID, reason: str = "") -> None:
    """Refuse it; a reason is welcome, and the asker reads it."""
    asked = _access_received(actor, request_id)
    settle(actor, asked, "refused", reason=clean_reason(reason, needed=False))
    telling.tell_party(asked.from_party, telling.CHANGED, telling.REFUSED)


def accept_proof(*, actor: Actor, request_id: UUID) -> Mandate:
    """Accept the document that proves a mandate, as a clerk.

    Raises ``not_permitted``, ``not_found``, ``mandate_party_unknown``, ``mandate_request_settled``,
    ``mandate_overlaps``.
    """
    asked = _access_proof(actor, request_id)
    party = asked.to_party or find_party(asked.other_kind, asked.other_number)
    if party is None or party.id == asked.from_party_id:
        raise MandatePartyUnknown
    return _grant(actor, asked, party)


def refuse_proof(*, actor: Actor, request_id: UUID, reason: str) -> None:
    """Refuse it with a reason that the asker reads; raises ``mandate_reason_missing``."""
    asked = _access_proof(actor, request_id)
    settle(actor, asked, "refused", reason=clean_reason(reason, needed=True))
    telling.tell_party(asked.from_party, telling.CHANGED, telling.REFUSED)


def enter_mandate(
    *,
    actor: Actor,
    represented: Party,
    acting: tuple[str, str] | Party,
    basis: str,
    terms: Terms,
    document_id: UUID | None = None,
) -> Mandate:
    """Enter a mandate at the desk that was proved there; ``acting`` is who is to act, or her kind and number.

    Raises ``not_permitted``, ``mandate_party_unknown``, ``mandate_basis_not_valid``, ``mandate_overlaps``.
    """
    check_is_clerk(actor)
    party = acting if isinstance(acting, Party) else find_party(*acting)
    if party is None or party.id == represented.id:
        raise MandatePartyUnknown
    of_person = represented.kind in {"insured", "self_employed"}
    if basis not in {"agreement", "power_of_attorney", "law"} or (basis == "law" and not of_person):
        raise MandateBasisNotValid
    made = create_mandate(
        actor=actor, acting=party, represented=represented, basis=basis, terms=terms, document_id=document_id
    )
    telling.tell_both(made, telling.GIVEN)
    return made


def check_is_clerk(actor: Actor) -> None:
    """Raise ``not_permitted`` for who treats nothing at the caisse, such as auditors and programs."""
    if actor.kind != "clerk" or not actor.roles & {"clerk", "administrator"} or actor.token_id is not None:
        raise NotPermitted


def clean_reason(reason: str, *, needed: bool) -> str:
    """Return a reason in one line; raises ``mandate_reason_missing``."""
    text = " ".join(reason.split())[:LONGEST_REASON]
    if needed and not text:
        raise MandateReasonMissing
    return text


def _access_received(actor: Actor, request_id: UUID) -> MandateRequest:
    own = check_may_keep(actor)
    found = MandateRequest.objects.select_related("from_party", "to_party")
    asked = found.filter(id=request_id, to_party_id=own, proof="answer").first()
    if asked is None:
        raise NotFound
    return asked


def _access_proof(actor: Actor, request_id: UUID) -> MandateRequest:
    check_is_clerk(actor)
    found = MandateRequest.objects.select_related("from_party", "to_party")
    asked = found.filter(id=request_id, proof="document").first()
    if asked is None:
        raise NotFound
    return asked


def _grant(actor: Actor, asked: MandateRequest, other: Party | None) -> Mandate:
    if asked.state != "waiting" or asked.lapses_at <= clock.now() or other is None:
        raise MandateRequestSettled
    acting, represented = (asked.from_party, other) if asked.direction == "act" else (other, asked.from_party)
    made = create_mandate(
        actor=actor,
        acting=acting,
        represented=represented,
        basis=asked.basis,
        terms=terms_of(asked),
        document_id=asked.document_id,
    )
    # Of two who answer at the same moment the second finds nothing waiting, and its mandate goes with its scope.
    settle(actor, asked, "accepted", mandate=made, to_party=other)
    telling.tell_both(made, telling.GIVEN)
    return made
