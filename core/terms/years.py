"""The years of an agreement, as plain rules: counted from the day of its acceptance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.kernel.periods import add_months

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Year:
    """One year of an agreement, both days included."""

    first: date
    last: date

    @property
    def next_day(self) -> date:
        """The day on which the next one begins."""
        return self.last + timedelta(days=1)


def year_of(accepted_on: date, day: date) -> Year:
    """Return the year in which a day lies; a day before the acceptance lies in the first one.

    Every year is counted from the acceptance, so that one of a 29 February does not move on.
    """
    passed = max(0, day.year - accepted_on.year)
    if passed and add_months(accepted_on, MONTHS * passed) > day:
        passed -= 1
    return Year(
        add_months(accepted_on, MONTHS * passed), add_months(accepted_on, MONTHS * (passed + 1)) - timedelta(days=1)
    )
