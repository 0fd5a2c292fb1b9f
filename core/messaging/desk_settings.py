"""What the caisse sets for its desk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.registry import PERIODS, Section, register
from core.configuration.sections import CalendarSection
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


def today_at_desk() -> date:
    """Return the date at the caisse of the open scope."""
    return caisse_today(current_caisse())


def treat_by() -> date:
    """Return until when a case that arrives now is to be treated."""
    caisse = current_caisse()
    day = today_at_desk() + timedelta(days=configuration.get(caisse, DeskSection).treatment_days)
    return configuration.get(caisse, CalendarSection).move_to_working_day(day)
