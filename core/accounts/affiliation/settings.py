"""What the caisse sets for the end of an affiliation: how long one still reads, when a renunciation takes effect."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.accounts.affiliation.dates import RenunciationRule
from core.configuration import configuration
from core.configuration.registry import ACCESS, Section, register
from core.kernel.text import N_
from tenants.scope import CaisseRef, current_caisse

RULES = {
    "month_after_receipt": N_("on the first day of the month after its receipt"),
    "within_a_month": N_("a month after its receipt"),
    "at_once": N_("on the day of its receipt"),
}
YEAR_END = "year_end"
# By what the day of a renunciation was computed: the caisse's rule, or the end of the agreement's year before it.
COMPUTED_BY = {**RULES, YEAR_END: N_("with the year of the agreement, which is not renewed")}
AFTERWARDS = {"post": N_("by post"), "nothing": N_("nothing")}


@register
class EndingSection(Section):
    """When the use of the portal ends."""

    key = "ending"
    title = N_("End of an affiliation")
    help = N_(
        "How long a party that leaves still reads, and when a renunciation takes effect. Have the rule confirmed by "
        "who wrote your terms of use: their wording allows more than one reading."
    )
    group = ACCESS
    order = 34

    renunciation: RenunciationRule = Field(
        default="month_after_receipt",
        title=N_("A renunciation takes effect"),
        description=N_("To be confirmed against your terms."),
        json_schema_extra={"labels": dict(RULES)},
    )
    read_only_months: Annotated[int, Field(ge=0, le=24)] = Field(
        default=3,
        title=N_("Reading after an affiliation, in months"),
        description=N_("So long, 0 to 24, a party that left still reads and saves documents; nothing new begins."),
    )
    renunciation_read_only_months: Annotated[int, Field(ge=0, le=24)] = Field(
        default=0,
        title=N_("Reading after a renunciation, in months"),
        description=N_("0 to 24; with 0 the access ends on the day the renunciation takes effect."),
    )
    afterwards: Literal["post", "nothing"] = Field(
        default="post",
        title=N_("What the caisse has to say afterwards"),
        description=N_("By post: decisions and questions are printed. Nothing: they lie in the portal alone."),
        json_schema_extra={"labels": dict(AFTERWARDS)},
    )


def ending_settings(caisse: CaisseRef | None = None) -> EndingSection:
    """Return what the caisse has set; that of the open scope unless one is given."""
    return configuration.get(caisse or current_caisse(), EndingSection)
