"""Activation codes: made, written in groups of four, hashed."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from core.kernel.identifiers import group_code, new_readable_code, normalise_code

# 12 characters of 5 bits: 60 random bits, from an alphabet without look-alikes.
LENGTH = 12
VALID_DAYS = 30


def make_code() -> str:
    """Return a new code as it is printed: ``XXXX XXXX XXXX``."""
    return group_code(new_readable_code(LENGTH)).replace("-", " ")


def hash_code(typed: str) -> str:
    """Return what is stored and looked up, however the code was typed.

    The key is not in the database, so that a stolen table gives nobody a code.
    """
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"relais-act").digest()
    return hmac.new(key, normalise_code(typed).encode(), hashlib.sha256).hexdigest()
