"""Other days of a caisse: noon of them, which no hour of the run and no change of summer time moves to another day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel import clock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tenants.scope import CaisseRef


def noon_of(caisse: CaisseRef, day: date) -> datetime:
    """Return noon of a day where the caisse is."""
    return datetime.combine(day, time(12), ZoneInfo(configuration.get(caisse, LocaleSection).time_zone))


def days_later(caisse: CaisseRef, count: int) -> AbstractContextManager[None]:
    """Stand at noon, so many days after today or before it, within the block."""
    return clock.travel(noon_of(caisse, caisse_today(caisse) + timedelta(days=count)))
