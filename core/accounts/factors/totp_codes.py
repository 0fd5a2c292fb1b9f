"""One-time passwords by time (RFC 6238): made, put into a QR code, and recognised, each period once."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

if TYPE_CHECKING:
    from datetime import datetime

PERIOD_SECONDS = 30
DIGITS = 6
# A telephone's clock may be half a minute off to either side.
TOLERANCE = 1
_SECRET_BYTES = 20


def new_secret() -> str:
    """Return 160 random bits in base32, as authenticator apps take them."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def step_at(instant: datetime) -> int:
    """Return the number of the period in which an instant lies."""
    return int(instant.timestamp()) // PERIOD_SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the one-time password of a period."""
    return _totp(secret).generate(step * PERIOD_SECONDS).decode()


def find_step(secret: str, typed: str, *, now: datetime, after: int | None) -> int | None:
    """Return the period whose one-time password was typed, if it lies after the last one that was used."""
    here = step_at(now)
    found = None
    for step in range(here - TOLERANCE, here + TOLERANCE + 1):
        fits = hmac.compare_digest(code_of(secret, step).encode(), typed.encode())
        if fits and (after is None or step > after):
            found = step
    return found


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """Return what the QR code says to an authenticator app."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def _totp(secret: str) -> TOTP:
    # SHA-1 is what authenticator apps take; within HMAC its weakness against collisions does not matter.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), PERIOD_SECONDS)  # noqa: S303 -- see above
