"""Sealing of the secrets that an entry carries until it is handed over."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings


def _box() -> Fernet:
    digest = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"relais-outbox", digest_size=32)
    return Fernet(base64.urlsafe_b64encode(digest.digest()))


def seal(secret: dict[str, Any]) -> bytes:
    """Return the encrypted JSON of ``secret``."""
    return _box().encrypt(json.dumps(secret).encode())


def unseal(sealed: bytes) -> dict[str, Any]:
    """Return what :func:`seal` was given."""
    value: dict[str, Any] = json.loads(_box().decrypt(bytes(sealed)))
    return value
