"""The way back after a report: opened again as it was, on proof, or enrolled anew by code; and settling the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.contrib.auth.hashers import make_password

from core.accounts.incidents.errors import IncidentChanged, NotYourOwnCase, ProofMissing
from core.accounts.incidents.forgetting import remove_factors
from core.accounts.incidents.selectors import access_incident, may_recover
from core.accounts.incidents.services import LONGEST_NOTE
from core.accounts.invitations.sending import Kind, create_activation, send_activation
from core.accounts.models import Incident, Membership, User
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar

By = Literal["mail", "letter", "counter"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What was sent. ``code`` is only filled where it is handed over at the counter; it exists nowhere else."""

    incident: Incident
    by: By
    code: str = ""


def take_incident(*, actor: Actor, incident_id: UUID) -> None:
    """Take a report in hand at the desk; raises ``not_found``, ``not_permitted``, ``incident_changed``."""
    found = _at_desk(actor, incident_id)
    values = {"state": "in_hand", "handler_id": actor.user_id, "handler_name": actor.name}
    if not Incident.objects.filter(id=found.id, state="open").update(**values):
        raise IncidentChanged
    _note(actor, found, "incident_taken")


def give_back_access(*, actor: Actor, incident_id: UUID, proof: str) -> None:
    """Open the access again as it was, when the desk has made sure that it is she; old sessions stay ended.

    Raises ``not_found``, ``not_permitted``, ``not_your_own_case``, ``proof_missing``, ``incident_changed``.
    """
    found, why = _at_desk(actor, incident_id), _clean(proof)
    if not why:
        raise ProofMissing
    _recover(found, state="active")
    _settle(actor, found, "given_back", why)


def enrol_anew(*, actor: Actor, incident_id: UUID, by: By, proof: str = "", address: Sequence[str] = ()) -> Enrolment:
    """Begin a new enrolment: password, number and every other way in are forgotten, a code leads to new ones.

    By the desk, or by an administrator of her company for somebody who works for that company alone. The desk says
    how it made sure who she is, unless the code goes to a place that was known before. Raises ``not_found``,
    ``not_permitted``, ``not_your_own_case``, ``proof_missing``, ``incident_changed``, ``address_incomplete``,
    ``email_missing``.
    """
    found = access_incident(actor, incident_id)
    _check_may_recover(actor, found)
    why = _clean(proof)
    if by == "counter" and not (actor.is_desk and why):
        raise ProofMissing
    _recover(found, state="invited", password=make_password(None), mobile="", mobile_confirmed_at=None)
    remove_factors(user_id=found.user_id)
    user = User.objects.get(id=found.user_id)
    code = ""
    if by == "counter":
        _row, code = create_activation(actor=actor, user=user, kind=kind_of(user), way="letter")
    else:
        send_activation(actor=actor, user=user, kind=kind_of(user), by=by, address=address)
    _settle(actor, found, "enrolled", why)
    return Enrolment(found, by, code)


def close_incident(*, actor: Actor, incident_id: UUID, note: str) -> None:
    """Settle a report without touching the access; raises ``not_found``, ``not_permitted``, ``incident_changed``."""
    _settle(actor, _at_desk(actor, incident_id), "nothing", _clean(note))


def kind_of(user: User) -> Kind:
    """Return as what somebody is invited: of the caisse's people, a user of a company, an insured person."""
    staff = getattr(user, "staff", None)
    if staff is not None and staff.ended_at is None:
        return "staff"
    own = Membership.objects.filter(user_id=user.id, ended_at__isnull=True)
    return "person" if own.exists() and not own.exclude(party__kind="insured").exists() else "member"


def _recover(found: Incident, **values: object) -> None:
    """Give a blocked user the state; only the first of two clerks does."""
    now = clock.now()
    won = Incident.objects.filter(id=found.id, blocked=True, recovered_at__isnull=True).update(recovered_at=now)
    blocked = User.objects.filter(id=found.user_id, state="blocked")
    if not won or not blocked.update(state_changed_at=now, state_reason="", **values):
        raise IncidentChanged


def _settle(actor: Actor, found: Incident, outcome: str, note: str) -> None:
    values = {"handled_at": clock.now(), "outcome": outcome, "outcome_note": note, "state": "closed"}
    open_one = Incident.objects.filter(id=found.id).exclude(state="closed")
    if not open_one.update(handler_id=actor.user_id, handler_name=actor.name, **values):
        raise IncidentChanged
    _note(actor, found, "incident_settled", outcome=outcome)


def _at_desk(actor: Actor, incident_id: UUID) -> Incident:
    found = access_incident(actor, incident_id)
    if not actor.is_desk:
        raise NotPermitted
    _check_may_recover(actor, found)
    return found


def _check_may_recover(actor: Actor, found: Incident) -> None:
    if found.user_id == actor.user_id:
        raise NotYourOwnCase
    if not may_recover(actor, found):
        raise NotPermitted


def _clean(text: str) -> str:
    return " ".join(text.split())[:LONGEST_NOTE]


def _note(actor: Actor, found: Incident, action: str, **data: Scalar) -> None:
    data |= {"reference": found.reference}
    record(actor=actor, action=action, object_type="incident", object_id=found.id, data=data)
    record(actor=actor, action=action, object_type="user", object_id=found.user_id, data=data)
