"""Secrets of one-time passwords: sealed with the platform's key and bound to their owner, at rest and in a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno
from cryptography.fernet import InvalidToken

from core.accounts.factors import totp_codes
from core.configuration.secret import box_of

if TYPE_CHECKING:
    from datetime import timedelta
    from uuid import UUID

_GROUP = 4


@dataclass(frozen=True, slots=True)
class Offer:
    """A new secret as the page shows it. ``sealed`` comes back with the form and says whose it is."""

    secret: str
    sealed: str
    uri: str

    @property
    def grouped(self) -> str:
        """The secret in groups, for typing it."""
        return " ".join(self.secret[at : at + _GROUP] for at in range(0, len(self.secret), _GROUP))

    @property
    def qr_code(self) -> str:
        """The QR code as the address of an image."""
        return segno.make(self.uri, error="m", micro=False).svg_data_uri(scale=5, border=4, light="white")


def seal(purpose: bytes, owner: UUID, secret: str) -> bytes:
    """Return a secret encrypted for one purpose and bound to its owner."""
    return box_of(purpose).encrypt(f"{owner}:{secret}".encode())


def unseal(purpose: bytes, owner: UUID, sealed: bytes, *, valid: timedelta | None = None) -> str | None:
    """Return the secret; None for one that is not the owner's, not readable, or sealed too long ago."""
    try:
        kept = box_of(purpose).decrypt(sealed, ttl=int(valid.total_seconds()) if valid else None).decode()
    except InvalidToken:
        return None
    whose, _, secret = kept.partition(":")
    return secret if whose == str(owner) else None


def offer_secret(purpose: bytes, owner: UUID, *, known: str | None, account: str, issuer: str) -> Offer:
    """Return a new secret for setting it up, or the ``known`` one of a form that comes back."""
    secret = known or totp_codes.new_secret()
    token = seal(purpose, owner, secret).decode()
    return Offer(secret, token, totp_codes.provisioning_uri(secret, account, issuer))
