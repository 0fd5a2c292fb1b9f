"""Assurance levels: what a sign-in proves, by the methods that it went through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PASSWORD = "password"  # noqa: S105 -- the name of a method
MAIL_CODE = "mail_code"
SMS_CODE = "sms_code"
TOTP = "totp"
PASSKEY = "passkey"
RECOVERY = "recovery_code"
CERTIFICATE = "certificate"
TRUSTED_DEVICE = "trusted_device"

NONE, KNOWLEDGE, TWO_FACTORS, ONE_TIME_PASSWORD, STRONG = range(5)


def openid(level: int) -> str:
    """Return the method of a sign-in by an OpenID provider whose word is worth this level at the caisse."""
    return f"openid_{level}"


# What a method is worth by itself, and what one is worth beside any of these. What is in neither proves nothing.
_ALONE = {
    PASSWORD: KNOWLEDGE,
    MAIL_CODE: KNOWLEDGE,
    PASSKEY: STRONG,
    CERTIFICATE: STRONG,
    **{openid(level): level for level in range(KNOWLEDGE, STRONG + 1)},
}
_BESIDE = {SMS_CODE: TWO_FACTORS, RECOVERY: TWO_FACTORS, TRUSTED_DEVICE: TWO_FACTORS, TOTP: ONE_TIME_PASSWORD}


def level_of(methods: Iterable[str]) -> int:
    """Return the level of a sign-in that used these methods."""
    used = set(methods)
    first = max((_ALONE.get(method, NONE) for method in used), default=NONE)
    if first == NONE:
        return NONE
    return max([first, *(_BESIDE.get(method, NONE) for method in used)])


def level_beside_password(method: str) -> int:
    """Return what a password and this method prove together."""
    return level_of((PASSWORD, method))
