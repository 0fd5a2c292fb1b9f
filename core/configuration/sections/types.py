"""Kinds of entries that several sections use."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from core.configuration.registry import Refusal
from core.kernel.text import N_

Language = Annotated[str, Field(pattern=r"^(fr|de|it|en)$")]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Line = Annotated[str, Field(max_length=200)]
# How strongly somebody has proved who she is.
Level = Annotated[int, Field(ge=1, le=4)]
LEVELS = {
    "1": N_("1, password alone"),
    "2": N_("2, with a code by SMS"),
    "3": N_("3, with a one-time password"),
    "4": N_("4, with a passkey or a certificate"),
}
# One text for each language.
Words = dict[Language, Line]
LongWords = dict[Language, Annotated[str, Field(max_length=600)]]
LEAP_YEAR = 2024


def check_day(text: str) -> str:
    """Return a day of every year as month and day; refuse what is none in any year."""
    if text:
        try:
            month, day = (int(part) for part in text.split("-"))
            date(LEAP_YEAR, month, day)
        except ValueError as error:
            raise Refusal(N_("Write a day as month and day, such as 12-15.")) from error
        return f"{month:02}-{day:02}"
    return text


# A day of every year, as month and day; empty for none.
DayOfYear = Annotated[str, Field(max_length=5), AfterValidator(check_day)]
