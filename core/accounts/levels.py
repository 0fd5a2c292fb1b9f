"""Assurance levels: what a sign-in proves, by the methods that it went through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PASSWORD = "password"  # noqa: S105 -- the name of a method
SMS_CODE = "sms_code"

NONE, KNOWLEDGE, TWO_FACTORS, ONE_TIME_PASSWORD, STRONG = range(5)

# What a method is worth beside a password; a factor alone that is not listed proves nothing.
_BESIDE_PASSWORD = {SMS_CODE: TWO_FACTORS}


def level_of(methods: Iterable[str]) -> int:
    """Return the level of a sign-in that used these methods."""
    used = set(methods)
    if PASSWORD not in used:
        return NONE
    return max([KNOWLEDGE, *(level for method, level in _BESIDE_PASSWORD.items() if method in used)])
