"""The days on which nobody works at the caisse: deadlines that end on one end on the next working day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from core.configuration.registry import PERIODS, Part, Refusal, Section, register
from core.configuration.sections.types import Words
from core.kernel.text import N_

WEEKDAYS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
WEEK = tuple(WEEKDAYS)
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Holiday(Part):
    """One day on which the caisse is closed."""

    day: date = Field(title=N_("Day"))
    yearly: bool = Field(default=False, title=N_("Every year"), description=N_("On this day and month of every year."))
    names: Words = Field(default_factory=dict, title=N_("Occasion"), description=N_("One line for each language."))

    def falls_on(self, day: date) -> bool:
        """Whether this day is meant."""
        return day == self.day or (self.yearly and (day.month, day.day) == (self.day.month, self.day.day))


@register
class CalendarSection(Section):
    """Non-working days."""

    key = "calendar"
    title = N_("Non-working days")
    help = N_("A deadline that would end on one of these days ends on the next working day.")
    group = PERIODS
    order = 12

    rest_days: tuple[Weekday, ...] = Field(
        default=("sat", "sun"),
        title=N_("Days of rest each week"),
        json_schema_extra={"labels": dict(WEEKDAYS)},
    )
    holidays: tuple[Holiday, ...] = Field(
        default=(), title=N_("Holidays"), description=N_("Those that fall on another day each year: year by year.")
    )

    @model_validator(mode="after")
    def _leaves_a_day(self) -> Self:
        if set(self.rest_days) == set(WEEK):
            raise Refusal(N_("At least one day of the week must be a working day."))
        return self

    def is_working_day(self, day: date) -> bool:
        """Whether the caisse works on that day."""
        return WEEK[day.weekday()] not in self.rest_days and not any(one.falls_on(day) for one in self.holidays)

    def move_to_working_day(self, day: date) -> date:
        """Return the day, or the next working day; after a year without any, the day itself."""
        following = (day + timedelta(days=count) for count in range(366))
        return next((one for one in following if self.is_working_day(one)), day)
