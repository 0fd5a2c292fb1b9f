"""Passkeys by WebAuthn: challenges that are signed instead of stored, and answers checked by the library ``fido2``."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

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

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

CHALLENGE_VALID = timedelta(minutes=5)
_LONGEST = 20_000
_USE, _SET_UP = "use", "set up"
_KIND = PublicKeyCredentialType.PUBLIC_KEY
# What the library and its parsers raise for bytes that nobody's authenticator sent.
_UNREADABLE = (
    ValueError, TypeError, LookupError, AttributeError, AssertionError, OverflowError, RecursionError, struct.error,
    signing.BadSignature,
)  # fmt: skip


class Unsound(Exception):
    """An answer that proves nothing: not an answer at all, too late, to another challenge, or of another's key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys hold: the host they are bound to, the name that devices show, and what sets challenges apart."""

    host: str
    name: str
    salt: str

    def server(self, origin: str = "") -> Fido2Server:
        """Return the library's server. Only this very origin counts: a host below this one is another."""
        party = PublicKeyCredentialRpEntity(id=self.host, name=self.name)
        return Fido2Server(party, verify_origin=lambda said: said == origin)


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a passkey is made."""

    id: UUID
    name: str
    display_name: str


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


def ask_to_use(place: Place, *, known: Iterable[bytes] = (), of: str = "") -> Challenge:
    """Return a challenge for one of the ``known`` passkeys of somebody; without, for whichever the person chooses."""
    named = [PublicKeyCredentialDescriptor(type=_KIND, id=one) for one in known]
    options, state = place.server().authenticate_begin(
        named or None, user_verification=UserVerificationRequirement.REQUIRED
    )
    return _challenge(place, options, state, _USE, of)


def ask_to_set_up(place: Place, owner: Owner, known: Iterable[bytes]) -> Challenge:
    """Return a challenge for making a passkey that the device itself can find and that checks its user."""
    user = PublicKeyCredentialUserEntity(id=owner.id.bytes, name=owner.name, display_name=owner.display_name)
    options, state = place.server().register_begin(
        user,
        credentials=[PublicKeyCredentialDescriptor(type=_KIND, id=one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _challenge(place, options, state, _SET_UP, str(owner.id))


def read_assertion(place: Place, *, credential: str, state: str, of: str = "") -> Assertion:
    """Read what a passkey answered; raises ``Unsound`` for what cannot be an answer or came too late."""
    try:
        known = _unsign(place, state, _USE, of)
        response = AuthenticationResponse.from_dict(_load(credential))
    except _UNREADABLE as error:
        raise Unsound from error
    return Assertion(response, known, _digest(known))


def check_assertion(place: Place, assertion: Assertion, *, public_key: bytes, owner: UUID, origin: str) -> None:
    """Check signature, challenge, origin and that the device checked its user; raises ``Unsound``."""
    handle = assertion.response.response.user_handle
    try:
        stored = _stored(assertion.credential_id, public_key)
        place.server(origin).authenticate_complete(assertion.state, [stored], assertion.response)
    except _UNREADABLE as error:
        raise Unsound from error
    if handle is not None and handle != owner.bytes:
        raise Unsound


def read_new_passkey(place: Place, *, owner: UUID, credential: str, state: str, origin: str) -> NewPasskey:
    """Check a passkey that was just made; raises ``Unsound``."""
    try:
        known = _unsign(place, state, _SET_UP, str(owner))
        made = place.server(origin).register_complete(known, RegistrationResponse.from_dict(_load(credential)))
        data = made.credential_data
        if data is None:
            raise Unsound
        public_key = cbor.encode(data.public_key)
    except _UNREADABLE as error:
        raise Unsound from error
    return NewPasskey(data.credential_id, public_key, made.counter, _digest(known))


def _challenge(place: Place, options: Any, state: dict[str, Any], purpose: str, of: str) -> Challenge:
    kept = {"challenge": state["challenge"], "for": purpose, "of": of}
    return Challenge(_plain(options)["publicKey"], signing.dumps(kept, salt=place.salt))


def _unsign(place: Place, state: str, purpose: str, of: str) -> dict[str, Any]:
    kept = signing.loads(state, salt=place.salt, max_age=CHALLENGE_VALID)
    if kept["for"] != purpose or kept["of"] != of:
        raise signing.BadSignature
    return {"challenge": kept["challenge"], "user_verification": UserVerificationRequirement.REQUIRED}


def _digest(state: dict[str, Any]) -> bytes:
    return hashlib.sha256(websafe_decode(state["challenge"])).digest()


def _stored(credential_id: bytes, public_key: bytes) -> AttestedCredentialData:
    key = CoseKey.parse(cast("Mapping[int, Any]", cbor.decode(public_key)))
    return AttestedCredentialData.create(Aaguid(bytes(16)), credential_id, key)


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
