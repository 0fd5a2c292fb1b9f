"""Reads days, years and periods the way people and spreadsheets write them, by stated rules.

- ``2025-03-12``, also with a time of midnight behind it, ``2025/3/12`` and ``20250312``.
- ``12.3.2025``, ``12/3/2025``, ``12-3-2025``, ``12. 3. 2025``: the day always comes first.
- ``45728`` or ``45728.0``: the day number of a spreadsheet (1 is 1 January 1900), five digits.
- A year of two digits is refused: nobody can tell which century was meant.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from core.declare.faults import FieldFault
from core.declare.texts import BLANKS, strip
from core.kernel.periods import Period

FIRST_DAY = date(1850, 1, 1)
LAST_DAY = date(2199, 12, 31)
# Spreadsheets believe that 1900 was a leap year; counting from this day is right from 1 March 1900 on.
SERIAL_ORIGIN = date(1899, 12, 30)

_GAP = f"[{re.escape(BLANKS)}]*"
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_COMPACT = re.compile(r"(1[89][0-9]{2}|2[01][0-9]{2})([0-9]{2})([0-9]{2})")
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})([./-]){_GAP}([0-9]{{1,2}})\2{_GAP}([0-9]{{4}}|[0-9]{{2}})(?: 00:00(?::00)?)?")
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.0+)?")
_YEAR = re.compile(r"([0-9]{4})(?:\.0+)?")
_BETWEEN_DAYS = re.compile(rf"(.+?){_GAP}(?:/|–|—|[{re.escape(BLANKS)}]-[{re.escape(BLANKS)}]){_GAP}(.+)")
_TWO_DIGITS = 2


def read_date(text: str) -> date:
    """Return the day; raises ``date_unreadable``, ``date_two_digit_year`` or ``date_not_in_calendar``."""
    text = strip(text)
    if found := _ISO.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := _DAY_FIRST.fullmatch(text):
        return _day(found[4], found[3], found[1])
    if found := _COMPACT.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := _SERIAL.fullmatch(text):
        return SERIAL_ORIGIN + timedelta(days=int(found[1]))
    raise FieldFault("date_unreadable")


def _day(year: str, month: str, day: str) -> date:
    if len(year) == _TWO_DIGITS:
        raise FieldFault("date_two_digit_year")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise FieldFault("date_not_in_calendar") from None


def read_year(text: str) -> int:
    """Return the year of four digits; raises ``year_unreadable``."""
    found = _YEAR.fullmatch(strip(text))
    if found is None:
        raise FieldFault("year_unreadable")
    return int(found[1])


def read_period(text: str) -> Period:
    """Return a period from ``first – last``, ``first/last`` or a year alone.

    Raises ``period_unreadable``, ``period_reversed`` or the fault of one of its days.
    """
    text = strip(text)
    if _YEAR.fullmatch(text):
        return Period.year(max(1, int(text[:4])))
    found = _BETWEEN_DAYS.fullmatch(text)
    if found is None:
        raise FieldFault("period_unreadable")
    first, last = read_date(found[1]), read_date(found[2])
    if last < first:
        raise FieldFault("period_reversed")
    return Period(first, last)
