"""Mandates of the cast: the factory's to its fiduciary, one that waits for the factory, one that waits for a clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from core.accounts.mandates import asking
from core.accounts.mandates.asking import Wanted
from core.accounts.mandates.terms import Terms
from core.accounts.models import Mandate
from core.accounts.policy import caisse_today
from core.accounts.seats import build_actor
from core.outbox.services import drain
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.accounts.models import MandateRequest
    from tests.support.mailbox import Office


def wanted(office: Office, party: str = "elsewhere", **values: object) -> Wanted:
    """Return a wish to act for a party of the cast in everything, from today."""
    terms = Terms(None, None, True, caisse_today(office.caisse), None)
    given = {
        "direction": "act",
        "other_kind": office.parties[party].kind,
        "other_number": office.parties[party].number,
        "basis": "agreement",
        "terms": terms,
    }
    return Wanted(**{**given, **values})


def ask(office: Office, name: str, own: str, what: Wanted) -> MandateRequest:
    """Ask as somebody's administrator, and let the worker find who was asked."""
    with tenant_transaction(office.caisse):
        actor = build_actor(office.users[name], office.parties[own].id, assurance_level=2)
        asked = asking.ask_mandate(actor=actor, wanted=what)
    drain(caisse=office.caisse)
    return asked


def make_mandates(office: Office) -> tuple[Mandate, MandateRequest, MandateRequest]:
    """Return the three."""
    asked = ask(office, "hugo", "elsewhere", wanted(office, "factory"))
    proof = ask(office, "claire", "firm", wanted(office, "elsewhere", basis="power_of_attorney", document_id=uuid4()))
    with tenant_transaction(office.caisse):
        given = Mandate.objects.get(acting_party=office.parties["firm"], for_party=office.parties["factory"])
    return given, asked, proof
