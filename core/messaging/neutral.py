"""What a finding carries in neutral form (``2025-04-30``, ``2025-04``, ``-1400.00``), as people read it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from django.utils.dateformat import format as format_date

from core.declare.display import show_date, show_number

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,15}\.\d{2}", re.ASCII)


def show_neutral(text: str, language: str) -> str:
    """Return a day, a month or an amount in the forms of the active language; any other text as it is."""
    try:
        if _DAY.fullmatch(text):
            return show_date(date.fromisoformat(text))
        if _MONTH.fullmatch(text):
            return _show_month(date.fromisoformat(f"{text}-01"), language)
    except ValueError:  # no such day or month: an identifier that only looks like one
        return text
    return show_number(Decimal(text), language) if _AMOUNT.fullmatch(text) else text


def _show_month(first: date, language: str) -> str:
    month = format_date(first, "F Y")
    # Django begins Italian months with a capital, which is right only at the beginning of a sentence.
    return month.lower() if language == "it" else month
