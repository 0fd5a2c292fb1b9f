"""Swiss check digits: EAN-13 of the OASI number, modulo 11 of the UID."""

from __future__ import annotations

AVS_DIGITS = 13


def avs_check_digit_fits(digits: str) -> bool:
    """Whether 13 digits end in the check digit of EAN-13 (weights 1 and 3 in turn)."""
    from stdnum import ean  # noqa: PLC0415 -- brings ssl and pydoc, which the parsing child need not load

    return bool(ean.calc_check_digit(digits[:-1]) == digits[-1])


def uid_check_digit_fits(digits: str) -> bool:
    """Whether 9 digits end in the check digit of the UID register (weights 5 4 3 2 7 6 5 4, modulo 11)."""
    from stdnum.ch import uid  # noqa: PLC0415 -- brings ssl and pydoc, which the parsing child need not load

    return bool(uid.calc_check_digit(digits[:-1]) == digits[-1])
