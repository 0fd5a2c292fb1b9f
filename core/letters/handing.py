"""A new code for one party, asked for at the phone or at the counter; how it was made sure who it is stays noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.accounts.invitations import send_activation
from core.accounts.invitations.errors import AddressIncomplete
from core.accounts.invitations.sending import create_activation
from core.accounts.models import Activation
from core.accounts.names import is_user_number, show_name
from core.accounts.policy import caisse_language
from core.accounts.post import postal_address
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.kernel.text import N_
from core.letters import accounts
from core.letters.errors import AccessExists, IdentityUnchecked
from core.letters.services import new_reference
from core.letters.sheets import Sheet
from core.letters.texts import BY_KIND, choose_notice
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from core.accounts.models import Party, User
    from core.kernel.actors import Actor

Way = Literal["letter", "counter"]
# How a clerk made sure who it is: on the phone only what both know, at the counter a document.
CHECKS = {
    "document": N_("Identity document seen at the counter"),
    "known": N_("Known to me in person"),
    "questions": N_("Asked on the phone: number, birth date or registration, last letter from us"),
    "written": N_("Asked for in writing, signature compared"),
}
AT_COUNTER = frozenset({"document", "known"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where a party's access stands: whether somebody signs in, and until when a code counts."""

    has_access: bool
    code: Activation | None
    has_address: bool


def get_waiting(party: Party) -> Waiting:
    """Return where a party's access stands; three queries at most."""
    has_access = bool(accounts.list_with_access([party]))
    user = None if has_access else accounts.find_waiting([party]).get(party.id)
    code = None
    if user is not None:
        open_codes = Activation.objects.filter(user=user, used_at__isnull=True, revoked_at__isnull=True)
        code = open_codes.filter(expires_at__gt=clock.now()).first()
    return Waiting(has_access, code, bool(postal_address(party)))


def send_letter(*, actor: Actor, party: Party, checked: str) -> None:
    """Send a new code by post, to the address that the caisse knows; the earlier one stops working.

    Raises ``not_permitted``, ``identity_unchecked``, ``access_exists``, ``address_incomplete``.
    """
    user = _prepare(actor, party, checked)
    address = postal_address(party)
    if not address:
        raise AddressIncomplete
    kind = accounts.kind_of(party)
    send_activation(actor=actor, user=user, kind=kind, by="letter", address=address[1:])
    _note(actor, party, "letter", checked)


def make_slip(*, actor: Actor, party: Party, checked: str) -> Sheet:
    """Make a code to hand over at the counter and return the sheet to print, within the caller's scope.

    Raises ``not_permitted``, ``identity_unchecked`` (a phone call is not enough), ``access_exists``.
    """
    if checked not in AT_COUNTER:
        raise IdentityUnchecked
    user = _prepare(actor, party, checked)
    row, code = create_activation(actor=actor, user=user, kind=accounts.kind_of(party), way="letter")
    _note(actor, party, "counter", checked)
    return Sheet(
        address=postal_address(party) or (party.name,),
        name=party.name,
        reference=new_reference(),
        code=code,
        language=caisse_language(current_caisse(), party.language),
        notice=choose_notice(BY_KIND, party.kind),
        until=row.expires_at,
        login=show_name(user.sign_in_name) if is_user_number(user.sign_in_name) else "",
    )


def _prepare(actor: Actor, party: Party, checked: str) -> User:
    if actor.kind != "clerk" or not actor.roles & {"administrator", "clerk"}:
        raise NotPermitted
    if checked not in CHECKS:
        raise IdentityUnchecked
    if accounts.list_with_access([party]):
        raise AccessExists
    return accounts.make_waiting(actor=actor, parties=[party])[party.id]


def _note(actor: Actor, party: Party, way: Way, checked: str) -> None:
    data = {"by": way, "checked": checked}
    record(
        actor=actor,
        action="access_code_made",
        object_type="party",
        object_id=party.id,
        data=data,
        for_party_id=party.id,
    )
