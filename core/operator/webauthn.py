"""Passkeys by WebAuthn: challenges that are signed instead of stored, and answers checked by the library ``fido2``."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core import signing
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.operator.errors import PasskeyRefused, PasskeyUnusable
from core.operator.limits import CHALLENGE_VALID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenants.models import Operator, OperatorPasskey

_SALT = "core.operator.webauthn"
_LONGEST = 20_000
_USE, _SET_UP = "use", "set up"
# What the library and its parsers raise for bytes that nobody's authenticator sent.
_UNREADABLE = (
    ValueError, TypeError, LookupError, AttributeError, AssertionError, OverflowError, RecursionError, struct.error,
    signing.BadSignature,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser's authenticator is asked, and the signed state that comes back with its answer."""

    options: dict[str, Any]
    state: str

    def as_json(self) -> dict[str, Any]:
        """Return both for the page's script."""
        return {"options": self.options, "state": self.state}


@dataclass(frozen=True, slots=True)
class Assertion:
    """An answer as it was read, not checked yet. ``digest`` names its challenge once and for all."""

    response: AuthenticationResponse
    state: dict[str, Any]
    digest: bytes

    @property
    def credential_id(self) -> bytes:
        """Which passkey claims to have answered."""
        return self.response.raw_id

    @property
    def sign_count(self) -> int:
        """How often the authenticator says it has signed; 0 where it does not count."""
        return self.response.response.authenticator_data.counter


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was just made and checked."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    digest: bytes


def ask_to_use() -> Challenge:
    """Return a challenge for whichever passkey the person chooses on her device."""
    options, state = _server("").authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return _challenge(options, state, _USE, "")


def ask_to_set_up(operator: Operator, known: Iterable[OperatorPasskey]) -> Challenge:
    """Return a challenge for making a passkey that the device itself can find and that checks its user."""
    user = PublicKeyCredentialUserEntity(id=operator.id.bytes, name=operator.email, display_name=operator.name)
    kind = PublicKeyCredentialType.PUBLIC_KEY
    options, state = _server("").register_begin(
        user,
        credentials=[PublicKeyCredentialDescriptor(type=kind, id=bytes(one.credential_id)) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _challenge(options, state, _SET_UP, str(operator.id))


def read_assertion(*, credential: str, state: str) -> Assertion:
    """Read what a passkey answered; raises ``PasskeyRefused`` for what cannot be an answer or came too late."""
    try:
        known = _unsign(state, _USE, "")
        response = AuthenticationResponse.from_dict(_load(credential))
    except _UNREADABLE as error:
        raise PasskeyRefused from error
    return Assertion(response, known, _digest(known))


def check_assertion(assertion: Assertion, passkey: OperatorPasskey, *, origin: str) -> None:
    """Check signature, challenge, origin and that the device checked its user; raises ``PasskeyRefused``."""
    handle = assertion.response.response.user_handle
    try:
        _server(origin).authenticate_complete(assertion.state, [_stored(passkey)], assertion.response)
    except _UNREADABLE as error:
        raise PasskeyRefused from error
    if handle is not None and handle != passkey.operator_id.bytes:
        raise PasskeyRefused


def read_new_passkey(*, operator: Operator, credential: str, state: str, origin: str) -> NewPasskey:
    """Check a passkey that was just made; raises ``PasskeyUnusable``."""
    try:
        known = _unsign(state, _SET_UP, str(operator.id))
        response = RegistrationResponse.from_dict(_load(credential))
        made = _server(origin).register_complete(known, response)
        data = made.credential_data
        if data is None:
            raise PasskeyUnusable
        public_key = cbor.encode(data.public_key)
    except _UNREADABLE as error:
        raise PasskeyUnusable from error
    return NewPasskey(data.credential_id, public_key, made.counter, _digest(known))


def _server(origin: str) -> Fido2Server:
    """Return the library's server. Only this very origin counts: a caisse's host below our domain is another."""
    party = PublicKeyCredentialRpEntity(id=settings.PLATFORM_DOMAIN, name="Relais")
    return Fido2Server(party, verify_origin=lambda said: said == origin)


def _challenge(options: Any, state: dict[str, Any], purpose: str, operator_id: str) -> Challenge:
    kept = {"challenge": state["challenge"], "for": purpose, "operator": operator_id}
    return Challenge(_plain(options)["publicKey"], signing.dumps(kept, salt=_SALT))


def _unsign(state: str, purpose: str, operator_id: str) -> dict[str, Any]:
    kept = signing.loads(state, salt=_SALT, max_age=CHALLENGE_VALID)
    if kept["for"] != purpose or kept["operator"] != operator_id:
        raise signing.BadSignature
    return {"challenge": kept["challenge"], "user_verification": UserVerificationRequirement.REQUIRED}


def _digest(state: dict[str, Any]) -> bytes:
    return hashlib.sha256(websafe_decode(state["challenge"])).digest()


def _stored(passkey: OperatorPasskey) -> AttestedCredentialData:
    key = CoseKey.parse(cast("Mapping[int, Any]", cbor.decode(bytes(passkey.public_key))))
    return AttestedCredentialData.create(Aaguid(bytes(16)), bytes(passkey.credential_id), key)


def _load(credential: str) -> dict[str, Any]:
    if len(credential) > _LONGEST:
        raise ValueError(len(credential))
    loaded = json.loads(credential)
    if not isinstance(loaded, dict):
        raise TypeError(type(loaded))
    return loaded


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(options), default=dict))
    return plain
