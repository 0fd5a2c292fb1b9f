"""When the portal will be away for a while."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from core.configuration.registry import CONTACT, Part, Refusal, Section, register
from core.configuration.sections.types import LongWords
from core.kernel.text import N_

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Window(Part):
    """One maintenance, told in advance; its hours are those where the caisse is."""

    day: date = Field(title=N_("Day"))
    begins: Clock = Field(title=N_("Begins"), description=N_("Hour and minute, such as 21:30."))
    ends: Clock = Field(title=N_("Ends"), description=N_("Hour and minute; earlier than the beginning: the next day."))
    texts: LongWords = Field(
        default_factory=dict, title=N_("Text"), description=N_("What is away meanwhile; one text for each language.")
    )

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.begins == self.ends:
            raise Refusal(N_("It ends when it begins."))
        return self

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Beginning and end as local times of the caisse."""
        begin, end = (datetime.combine(self.day, time.fromisoformat(one)) for one in (self.begins, self.ends))
        return begin, end if end > begin else end + timedelta(days=1)


@register
class MaintenanceSection(Section):
    """Maintenance windows."""

    key = "maintenance"
    title = N_("Maintenance")
    help = N_("When the portal will be away; everybody reads it, already at the sign-in.")
    group = CONTACT
    order = 40

    days_ahead: Annotated[int, Field(ge=0, le=90)] = Field(
        default=7, title=N_("Told in advance"), description=N_("So many days before, 0 to 90.")
    )
    windows: tuple[Window, ...] = Field(
        default=(), title=N_("Maintenance windows"), description=N_("Each is shown until it is over.")
    )

    def list_coming(self, now: datetime) -> list[Window]:
        """Return the windows to be told of at a local time of the caisse, the next one first."""
        ahead = timedelta(days=self.days_ahead)
        told = [one for one in self.windows if one.span[0].date() - ahead <= now.date() and now < one.span[1]]
        return sorted(told, key=lambda one: one.span)
