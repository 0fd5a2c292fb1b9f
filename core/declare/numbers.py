"""Reads numbers the way people and spreadsheets write them, by stated rules.

- Around the number: blanks. Before it: one sign (``-``, its typographic forms, or ``+``).
- Thousands: groups of three digits after an apostrophe (typewriter or typographic) or a blank; also
  after a dot or comma, if the other sign follows as the decimal one or if there are two such groups.
- Decimals: after a dot or a comma. ``.-`` and ``.–`` stand for no cents.
- ``1.234`` and ``1,234`` could be either and are refused, unless three decimals are allowed anyway.
- More than three decimals only a calculation can bring; they are rounded half up. Exactly three are
  refused where fewer are allowed.
- ``7.569217076985E12``: the exponent form of machines.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from core.declare.faults import FieldFault
from core.declare.texts import APOSTROPHES, BLANKS, MINUSES, strip

GROUP_SIGNS = re.escape(APOSTROPHES + BLANKS)
_PLAIN = re.compile(r"[0-9]+[.,]?[0-9]*|[.,][0-9]+")
_SPACED = re.compile(rf"[0-9]{{1,3}}(?:[{GROUP_SIGNS}][0-9]{{3}})+(?:[.,][0-9]*)?")
_POINTED = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*"
    r"|[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]{1,3}(?:\.[0-9]{3}){2,}",
)
_MACHINE = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_NO_CENTS = re.compile(rf"[.,][{re.escape(MINUSES)}—]+$")
_GROUP_SIGN = re.compile(f"[{GROUP_SIGNS}]")
LONGEST = 60
HIGHEST_POWER = 18
COMPUTED_DECIMALS = 4


def read_number(text: str, *, scale: int) -> Decimal:
    """Return the number with exactly ``scale`` decimals, by the rules of this module.

    Raises ``number_unreadable``, ``number_ambiguous`` or ``number_too_many_decimals``.
    """
    sign, digits = _split_sign(strip(text))
    if scale < 3 and _AMBIGUOUS.fullmatch(digits):  # noqa: PLR2004 -- a group of thousands has three digits
        raise FieldFault("number_ambiguous", example=re.sub("[.,]", "", digits))
    exact = Decimal(sign + _normalise(digits))
    return _settle(exact, scale)


def _split_sign(text: str) -> tuple[str, str]:
    if len(text) > LONGEST:
        raise FieldFault("number_unreadable")
    if text[:1] in tuple(MINUSES):
        return "-", strip(text[1:])
    return "", strip(text.removeprefix("+"))


def _normalise(digits: str) -> str:
    """Return the digits as ``Decimal`` reads them."""
    digits = _NO_CENTS.sub("", digits)
    if _PLAIN.fullmatch(digits):
        return digits.replace(",", ".")
    if _MACHINE.fullmatch(digits):
        return digits
    if _SPACED.fullmatch(digits):
        return _GROUP_SIGN.sub("", digits).replace(",", ".")
    if _POINTED.fullmatch(digits):
        return _drop_groups(digits)
    raise FieldFault("number_unreadable")


def _drop_groups(digits: str) -> str:
    """Remove the sign that groups, keep the other, which comes last."""
    group = "." if digits.find(".") != -1 and (digits.find(".") < digits.find(",") or "," not in digits) else ","
    return digits.replace(group, "").replace(",", ".")


def _settle(exact: Decimal, scale: int) -> Decimal:
    if exact.adjusted() > HIGHEST_POWER:
        return exact  # beyond every limit; the caller's bounds refuse it by name
    decimals = max(0, -int(exact.normalize().as_tuple().exponent))
    if scale < decimals < COMPUTED_DECIMALS:
        raise FieldFault("number_too_many_decimals", scale=scale)
    settled = exact.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
    return settled if settled else abs(settled)
