"""What the caisse sets for its desk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.registry import PERIODS, Section, register
from core.configuration.sections import CalendarSection
from core.configuration.sections.types import Slug
from core.kernel.text import N_
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import date


@register
class DeskSection(Section):
    """How the caisse's own people work."""

    key = "desk"
    title = N_("Clerks' desk")
    help = N_("How cases are treated at the caisse.")
    group = PERIODS
    order = 15

    treatment_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=30,
        title=N_("Days to treat a case"),
        description=N_("Calendar days from its arrival, 1 to 365. The queue shows first what is overdue."),
    )
    four_eyes: bool = Field(
        default=False,
        title=N_("Two people for each decision"),
        description=N_("One clerk proposes, another confirms; only then does the party learn of it."),
    )
    four_eyes_themes: tuple[Slug, ...] = Field(
        default=(),
        title=N_("Two people only in these themes"),
        description=N_("Where none is chosen: in all themes."),
        json_schema_extra={"choices": "themes"},
    )

    def asks_for_two(self, theme: str) -> bool:
        """Whether a decision in this theme needs a second person."""
        return self.four_eyes and (not self.four_eyes_themes or theme in self.four_eyes_themes)


def asks_for_two(theme: str) -> bool:
    """Whether the caisse of the open scope wants a second person for decisions in a theme."""
    return configuration.get(current_caisse(), DeskSection).asks_for_two(theme)


def today_at_desk() -> date:
    """Return the date at the caisse of the open scope."""
    return caisse_today(current_caisse())


def treat_by() -> date:
    """Return until when a case that arrives now is to be treated."""
    caisse = current_caisse()
    day = today_at_desk() + timedelta(days=configuration.get(caisse, DeskSection).treatment_days)
    return configuration.get(caisse, CalendarSection).move_to_working_day(day)
