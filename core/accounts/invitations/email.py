"""The address of somebody who enrols: kept, proven by a code that goes there, or left out where she needs none."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.accounts import codes
from core.accounts.invitations import sending, tries
from core.accounts.invitations.errors import ActivationTaken, EmailInUse, EmailNeeded, PersonEmailNotValid
from core.accounts.invitations.opening import note, open_rows
from core.accounts.invitations.steps import may_go_without_email
from core.accounts.invitations.texts import EMAIL_CODE
from core.accounts.invitations.tries import SentCode
from core.accounts.models import User
from core.accounts.models.people import normalise_sign_in_name
from core.accounts.policy import caisse_language, sign_in_policy
from core.kernel import clock
from core.notices.services import send_mail
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.accounts.models import Activation
    from tenants.scope import CaisseRef

PURPOSE = "confirm_email"


def send_email_code(
    *, caisse: CaisseRef, activation: Activation, typed: str, language: str, binding: str = ""
) -> SentCode:
    """Keep the address and send a code there; earlier codes stop working.

    Whether somebody signs in with that address already is not told here. Raises
    ``person_email_not_valid``, ``sign_in_locked`` when too many codes were asked for, ``activation_taken``.
    """
    address = typed.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise PersonEmailNotValid from error
    tries.count_sending(caisse, activation)
    bound = binding or tries.new_binding()
    with tenant_transaction(caisse):
        if not open_rows(activation).update(email=address, email_confirmed_at=None):
            raise ActivationTaken
        issued = tries.issue(caisse, activation, PURPOSE, bound, _digest(address))
        minutes = str(sign_in_policy(caisse).code_minutes)
        send_mail(
            notice=EMAIL_CODE,
            to=address,
            language=caisse_language(caisse, language),
            fields={"code": issued.code, "minutes": minutes, "address": sending.activation_page()},
        )
        note(activation, "code_sent", by="mail")
    return SentCode(issued.id, bound)


def confirm_email(*, caisse: CaisseRef, activation: Activation, sent: SentCode, typed: str) -> None:
    """Evaluate the code by e-mail; the try is counted whatever comes of it.

    Raises ``code_wrong``, ``code_spent``, ``sign_in_locked``, ``activation_taken``, and ``email_in_use``,
    which only she learns who reads the mails of that address.
    """
    taken = kept = False
    with tenant_transaction(caisse):
        verdict, check = tries.evaluate(activation, PURPOSE, sent, typed)
        if check.outcome == "accepted":
            address = _proven(activation, sent)
            taken = is_in_use(activation.user, address)
            values = {"email": ""} if taken else {"email_confirmed_at": clock.now()}
            kept = bool(address and open_rows(activation).filter(email=address).update(**values))
    tries.refuse(verdict, check)
    if taken:
        raise EmailInUse
    if not kept:
        raise ActivationTaken


def go_without_email(*, caisse: CaisseRef, activation: Activation) -> None:
    """Go on without an address, where she signs in by another name; raises ``email_needed``, ``activation_taken``."""
    if not may_go_without_email(activation.user):
        raise EmailNeeded
    with tenant_transaction(caisse):
        if not open_rows(activation).update(email="", email_confirmed_at=clock.now()):
            raise ActivationTaken


def is_in_use(user: User, address: str) -> bool:
    """Whether the address would be her sign-in name and is somebody else's; a shared contact address is fine."""
    if not address or may_go_without_email(user):
        return False
    return User.objects.filter(sign_in_name=normalise_sign_in_name(address)).exclude(id=user.id).exists()


def _proven(activation: Activation, sent: SentCode) -> str:
    """Return the address that the code went to; empty where another was entered in the meantime."""
    address = open_rows(activation).values_list("email", flat=True).first() or ""
    return address if _digest(address) == codes.find_subject(sent.id) else ""


def _digest(address: str) -> str:
    # A code's subject is shorter than an address may be.
    return hashlib.sha256(address.encode()).hexdigest()
