"""Spans of calendar days, both ends included, and moments some months ago."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

D = TypeVar("D", bound=date)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = "a period ends before it begins"
            raise ValueError(message)

    @classmethod
    def year(cls, year: int) -> Period:
        """Return the calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def contains(self, day: date) -> bool:
        """Whether the day lies within."""
        return self.first <= day <= self.last


def add_months(day: D, months: int) -> D:
    """Return the same day so many months later; the last day of a month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def day_of(year: int, month_and_day: str) -> date:
    """Return the day of a year that is written as ``02-29``; the last day of its month where there is no such day."""
    month, day = (int(part) for part in month_and_day.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_before(moment: datetime, months: int) -> datetime:
    """Return the moment so many months earlier; the last day of a month where the same day does not exist."""
    return add_months(moment, -months)
