"""Identifiers: time-ordered for rows, readable for people."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

# Crockford's alphabet: no I, L, O, U, so that a code read aloud or off paper is not mistaken.
READABLE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V", "-": None, " ": None})


def new_id() -> UUID:
    """Return a UUID of version 7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_readable_code(length: int) -> str:
    """Return ``length`` random characters of 5 bits each; group them with :func:`group_code`."""
    return "".join(secrets.choice(READABLE_ALPHABET) for _ in range(length))


def group_code(code: str, size: int = 4) -> str:
    """Return ``ABCD-EFGH`` for ``ABCDEFGH``."""
    return "-".join(code[i : i + size] for i in range(0, len(code), size))


def normalise_code(typed: str) -> str:
    """Return a typed code in canonical form: capitals, no separators, look-alikes mended."""
    return typed.upper().translate(_LOOKALIKES)
