"""An authenticator in software: makes passkeys and answers challenges as a device does, or as none should."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one passkey. ``flags`` says what it claims to have checked of its user."""

    origin: str = "http://localhost"
    rp_id: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""

    def set_up(self, asked):
        """Return the fields of a form that sets the passkey up."""
        options = asked["options"]
        self.user_handle = websafe_decode(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = cbor.encode({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + public
        said = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(HAS_KEY) + attested})
        return self._form(asked, "webauthn.create", lambda _client: {"attestationObject": websafe_encode(said)})

    def use(self, asked, **changed):
        """Return the fields of a form that answers a challenge."""
        self.count += 1 if self.count else 0

        def answer(client):
            data = self._data(0)
            signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
            said = {"authenticatorData": data, "signature": signed, "userHandle": self.user_handle} | changed
            return {name: websafe_encode(value) for name, value in said.items()}

        return self._form(asked, "webauthn.get", answer)

    def _data(self, more):
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _form(self, asked, kind, answer):
        client = {"type": kind, "challenge": asked["options"]["challenge"], "origin": self.origin, "crossOrigin": False}
        text = json.dumps(client).encode()
        name = websafe_encode(self.credential_id)
        response = {"clientDataJSON": websafe_encode(text)} | answer(text)
        credential = {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response,
        }
        return {"way": "passkey", "state": asked["state"], "credential": json.dumps(credential)}
