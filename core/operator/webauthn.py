"""Operators' passkeys: bound to the platform's own host, refused in the operators' words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from core.accounts.factors import webauthn
from core.operator.errors import PasskeyRefused, PasskeyUnusable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.accounts.factors.webauthn import Assertion, Challenge, NewPasskey
    from tenants.models import Operator, OperatorPasskey

_SALT = "core.operator.webauthn"


def ask_to_use() -> Challenge:
    """Return a challenge for whichever passkey the person chooses on her device."""
    return webauthn.ask_to_use(_place())


def ask_to_set_up(operator: Operator, known: Iterable[OperatorPasskey]) -> Challenge:
    """Return a challenge for making a passkey that the device itself can find and that checks its user."""
    owner = webauthn.Owner(operator.id, operator.email, operator.name)
    return webauthn.ask_to_set_up(_place(), owner, [bytes(one.credential_id) for one in known])


def read_assertion(*, credential: str, state: str) -> Assertion:
    """Read what a passkey answered; raises ``PasskeyRefused`` for what cannot be an answer or came too late."""
    try:
        return webauthn.read_assertion(_place(), credential=credential, state=state)
    except webauthn.Unsound as error:
        raise PasskeyRefused from error


def check_assertion(assertion: Assertion, passkey: OperatorPasskey, *, origin: str) -> None:
    """Check signature, challenge, origin and that the device checked its user; raises ``PasskeyRefused``."""
    key, owner = bytes(passkey.public_key), passkey.operator_id
    try:
        webauthn.check_assertion(_place(), assertion, public_key=key, owner=owner, origin=origin)
    except webauthn.Unsound as error:
        raise PasskeyRefused from error


def read_new_passkey(*, operator: Operator, credential: str, state: str, origin: str) -> NewPasskey:
    """Check a passkey that was just made; raises ``PasskeyUnusable``."""
    try:
        return webauthn.read_new_passkey(_place(), owner=operator.id, credential=credential, state=state, origin=origin)
    except webauthn.Unsound as error:
        raise PasskeyUnusable from error


def _place() -> webauthn.Place:
    return webauthn.Place(host=settings.PLATFORM_DOMAIN, name="Relais", salt=_SALT)
