"""What the caisse sets for mandates between parties: how long they last, and whether they are looked at each year."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.configuration import configuration
from core.configuration.registry import ACCESS, Section, register
from core.kernel.text import N_
from tenants.scope import current_caisse

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
    remind_ends: bool = Field(
        default=False,
        title=N_("Remind of the last day"),
        description=N_(
            "Both sides are reminded by e-mail before a mandate's last day. "
            "Always so where there is a longest duration."
        ),
    )
    review: bool = Field(
        default=False,
        title=N_("Confirm each mandate every year"),
        description=N_("Whoever is represented confirms or ends it; without an answer it pauses, and nothing is lost."),
    )
    remind_days: Annotated[int, Field(ge=1, le=90)] = Field(
        default=30,
        title=N_("Days for an answer"),
        description=N_(
            "This long before its review is over, or its last day, both sides are reminded by e-mail, 1 to 90."
        ),
    )


def mandate_settings() -> MandatesSection:
    """Return what the caisse of the open scope has set."""
    return configuration.get(current_caisse(), MandatesSection)
