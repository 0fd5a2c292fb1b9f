"""Asking for a mandate, and taking the question back. Who asks learns nothing of whether the number exists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Func, Q, Value

from core.accounts.mandates import telling
from core.accounts.mandates.errors import (
    MandateAskedAlready,
    MandateBasisNotValid,
    MandateNumberMissing,
    MandateOverlaps,
    MandateRefusedLately,
    MandateRequestSettled,
    TooManyMandateRequests,
)
from core.accounts.models import Mandate, MandateRequest, Party
from core.accounts.models.parties import PARTY_KINDS
from core.accounts.policy import caisse_today
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.outbox.services import enqueue
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from core.accounts.mandates.terms import Terms
    from core.kernel.actors import Actor
    from core.outbox.handlers import Job

FIND = "accounts.mandate_asked"
MOST_WAITING, ANSWER_DAYS, REST_DAYS = 1000, 60, 30
LONGEST_NUMBER = 40
_LOOSE = re.compile(r"[^0-9a-z]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a party wants a mandate with, on which basis and terms; ``document_id`` is the proof for a clerk."""

    direction: str
    other_kind: str
    other_number: str
    basis: str
    terms: Terms
    document_id: UUID | None = None


def check_may_keep(actor: Actor) -> UUID:
    """Return the party whose mandates the actor keeps: her own, as its administrator. Raises ``not_permitted``.

    A fiduciary's administrator who acts for a client is no administrator of the client.
    """
    own = actor.kind == "party" and actor.acting_party_id == actor.party_id and actor.party_id is not None
    if not own or "administrator" not in actor.roles or actor.token_id is not None:
        raise NotPermitted
    return actor.party


def ask_mandate(*, actor: Actor, wanted: Wanted) -> MandateRequest:
    """Ask the other party, or a clerk by a document, for a mandate.

    Answers and costs are the same for a number that nobody bears: a worker looks it up later. Raises
    ``mandate_number_missing``, ``mandate_basis_not_valid``, ``mandate_asked_already``,
    ``mandate_overlaps``, ``mandate_refused_lately``, ``too_many_mandate_requests``.
    """
    own = Party.objects.get(id=check_may_keep(actor))
    number = _check_other(own, wanted)
    _check_basis(wanted)
    _check_patience(own, wanted, number)
    now = clock.now()
    try:
        with transaction.atomic():
            asked = MandateRequest.objects.create(
                from_party=own,
                direction=wanted.direction,
                other_kind=wanted.other_kind,
                other_number=number,
                proof="document" if wanted.document_id else "answer",
                basis=wanted.basis,
                document_id=wanted.document_id,
                asked_at=now,
                asked_by=actor.user_id,
                asked_by_name=actor.name[:200],
                lapses_at=now + timedelta(days=ANSWER_DAYS),
                **wanted.terms.values,
            )
    except IntegrityError as error:
        raise MandateAskedAlready from error
    _note(actor, "mandate_asked", asked)
    enqueue(topic=FIND, payload={"request_id": str(asked.id)})
    return asked


def _check_other(own: Party, wanted: Wanted) -> str:
    number = " ".join(wanted.other_number.split())[:LONGEST_NUMBER]
    is_self = wanted.other_kind == own.kind and loosen(number) == loosen(own.number)
    if not loosen(number) or is_self or wanted.other_kind not in PARTY_KINDS:
        raise MandateNumberMissing
    return number


def _check_basis(wanted: Wanted) -> None:
    fits = wanted.basis == "agreement" if wanted.document_id is None else wanted.basis in {"power_of_attorney", "law"}
    of_person = wanted.direction == "act" and wanted.other_kind in {"insured", "self_employed"}
    if not fits or wanted.direction not in {"act", "give"} or (wanted.basis == "law" and not of_person):
        raise MandateBasisNotValid


def _check_patience(own: Party, wanted: Wanted, number: str) -> None:
    mine = MandateRequest.objects.filter(from_party=own)
    if mine.filter(state="waiting").count() >= MOST_WAITING:
        raise TooManyMandateRequests(most=MOST_WAITING)
    same = mine.filter(direction=wanted.direction, other_kind=wanted.other_kind, other_number=number)
    if same.filter(state="refused", answered_at__gt=clock.now() - timedelta(days=REST_DAYS)).exists():
        raise MandateRefusedLately(days=REST_DAYS)
    sides = ("acting_party", "for_party") if wanted.direction == "act" else ("for_party", "acting_party")
    today = caisse_today(current_caisse())
    known = Mandate.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=max(today, wanted.terms.valid_from)),
        **{sides[0]: own, f"{sides[1]}__kind": wanted.other_kind, f"{sides[1]}__number": number, "state": "accepted"},
    )
    if wanted.terms.themes is not None:
        known = known.filter(Q(themes__isnull=True) | Q(themes__overlap=list(wanted.terms.themes)))
    if known.exists():
        raise MandateOverlaps


def withdraw_request(*, actor: Actor, request_id: UUID) -> None:
    """Take a question back; raises ``not_found`` and, once it is answered, ``mandate_request_settled``."""
    own = check_may_keep(actor)
    asked = MandateRequest.objects.filter(id=request_id, from_party_id=own).first()
    if asked is None:
        raise NotFound
    settle(actor, asked, "withdrawn")


def settle(actor: Actor, asked: MandateRequest, state: str, **values: object) -> None:
    """Move a waiting request on, by one guarded statement; raises ``mandate_request_settled``."""
    settled = MandateRequest.objects.filter(id=asked.id, state="waiting", lapses_at__gt=clock.now()).update(
        state=state,
        answered_at=clock.now(),
        answered_by=actor.user_id,
        answered_by_name=actor.name[:200],
        **values,
    )
    if not settled:
        raise MandateRequestSettled
    _note(actor, f"mandate_request_{state}", asked)


def loosen(number: str) -> str:
    """Return a number as it is compared: digits and letters only, however it was punctuated."""
    return _LOOSE.sub("", number.casefold())


def find_party(kind: str, number: str) -> Party | None:
    """Return who bears a number, however punctuated; an exact match first, which an index answers."""
    exact = Party.objects.filter(kind=kind, number=number).first()
    if exact is not None or not loosen(number):
        return exact
    plain = Func(
        Func(F("number"), function="lower"), Value("[^0-9a-z]"), Value(""), Value("g"), function="regexp_replace"
    )
    found = Party.objects.filter(kind=kind).annotate(plain=plain).filter(plain=loosen(number))[:2]
    return found[0] if len(found) == 1 else None


def find_asked(job: Job) -> None:
    """Look up who was asked, and tell its administrators; nobody, where the number is nobody's. Repeatable."""
    with tenant_transaction(job.caisse):
        asked = MandateRequest.objects.filter(
            id=UUID(job.payload["request_id"]), state="waiting", to_party=None
        ).first()
        party = find_party(asked.other_kind, asked.other_number) if asked else None
        if asked is None or party is None or party.state == "ended" or party.id == asked.from_party_id:
            return
        MandateRequest.objects.filter(id=asked.id, to_party=None).update(to_party=party)
        if asked.proof == "answer":
            telling.tell_party(party, telling.ASKED)


def _note(actor: Actor, action: str, asked: MandateRequest) -> None:
    record(
        actor=actor,
        action=action,
        object_type="mandate_request",
        object_id=asked.id,
        for_party_id=asked.from_party_id,
        data={"direction": asked.direction, "proof": asked.proof, "basis": asked.basis},
    )
