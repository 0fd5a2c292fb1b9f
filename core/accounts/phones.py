"""Mobile numbers: one spelling, a mask for pages, and whether a caisse sends there."""

from __future__ import annotations

import phonenumbers

from core.kernel.errors import InvalidInput

VISIBLE_DIGITS = 2


class MobileNotValid(InvalidInput):
    """This is not a mobile number. Write it with its country, such as +41 79 123 45 67."""

    code = "mobile_not_valid"


def normalise_mobile(typed: str, country: str) -> str:
    """Return the number as E.164 (``+41791234567``); raises ``MobileNotValid``.

    ``country`` (ISO 3166) is assumed where the number is written without one.
    """
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        raise MobileNotValid from None
    if not phonenumbers.is_valid_number(number):
        raise MobileNotValid
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask_mobile(mobile: str) -> str:
    """Return ``+41 … 67``: enough to recognise one's own, too little to learn it."""
    try:
        number = phonenumbers.parse(mobile)
    except phonenumbers.NumberParseException:
        return "…"
    return f"+{number.country_code} … {mobile[-VISIBLE_DIGITS:]}"


def mask_mail(address: str) -> str:
    """Return ``e…@caisse.example``: enough to recognise one's own, too little to learn it."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}" if host else "…"


def mask_name(name: str) -> str:
    """Return ``E… G…`` for a name of two words."""
    return " ".join(f"{part[:1]}…" for part in name.split())
