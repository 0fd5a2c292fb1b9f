"""What the caisse sets for mandates between parties: how long they last, and whether they are looked at each year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from core.configuration import configuration
from core.configuration.registry import ACCESS, Section, register
from core.kernel.text import N_
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import date

MONTHS = 12


@register
class MandatesSection(Section):
    """How long mandates between parties last, and how they are reviewed."""

    key = "mandates"
    title = N_("Mandates")
    help = N_("How long one party may act for another, and whether mandates are confirmed each year.")
    group = ACCESS
    order = 60

    longest_months: Annotated[int, Field(ge=0, le=120)] = Field(
        default=0,
        title=N_("Longest duration in months"),
        description=N_("A new mandate needs a last day within this time, 1 to 120. With 0 it may run without end."),
    )
    review: bool = Field(
        default=False,
        title=N_("Confirm each mandate every year"),
        description=N_("Whoever is represented confirms or ends it; without an answer it pauses, and nothing is lost."),
    )
    remind_days: Annotated[int, Field(ge=1, le=90)] = Field(
        default=30,
        title=N_("Days for an answer"),
        description=N_("This long before its review is over a mandate's two sides are reminded by e-mail, 1 to 90."),
    )
    season_from: Annotated[str, Field(pattern=r"^((0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$")] = Field(
        default="12-01",
        title=N_("Protected season from"),
        description=N_("Month and day, such as 12-01. No mandate pauses in this season. Empty: there is none."),
    )
    season_until: Annotated[str, Field(pattern=r"^((0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$")] = Field(
        default="02-28",
        title=N_("Protected season until"),
        description=N_("Month and day, such as 02-28."),
    )

    def is_protected(self, day: date) -> bool:
        """Whether the day lies in the season, which may reach over the turn of the year."""
        if not self.season_from or not self.season_until:
            return False
        here = f"{day:%m-%d}"
        if self.season_from <= self.season_until:
            return self.season_from <= here <= self.season_until
        return here >= self.season_from or here <= self.season_until


def mandate_settings() -> MandatesSection:
    """Return what the caisse of the open scope has set."""
    return configuration.get(current_caisse(), MandatesSection)
