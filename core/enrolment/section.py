"""What the caisse sets for enrolment: which ways are open, for whom, what is asked, and its own words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.configuration.registry import ACCESS, Section, register
from core.configuration.sections.types import LongWords
from core.kernel.text import N_

Way = Literal["form", "counter", "invitation", "private"]
WAYS = {
    "form": N_("public form: an employer asks, the caisse admits"),
    "counter": N_("at the counter: the charter is signed there"),
    "invitation": N_("invitation: the caisse invites a company"),
    "private": N_("self-registration of insured persons by a link"),
}
Kind = Literal["employer", "self_employed", "insured"]
KINDS = {
    "employer": N_("Employer"),
    "self_employed": N_("Self-employed person"),
    "insured": N_("Insured person"),
}
HandOver = Literal["letter", "slip", "sms"]
HAND_OVERS = {
    "letter": N_("by letter"),
    "slip": N_("on a slip at the counter"),
    "sms": N_("by SMS"),
}
CodeFrom = Literal["letter", "employer"]
CODES_FROM = {
    "letter": N_("in a letter of the caisse to the person"),
    "employer": N_("from the employer, on the leaflet for the staff"),
}


@register
class EnrolmentSection(Section):
    """How people come to an access."""

    key = "enrolment"
    title = N_("Enrolment")
    help = N_("By which ways employers and insured persons come to an access, and what they are asked.")
    group = ACCESS
    order = 5

    ways: tuple[Way, ...] = Field(
        default=("invitation",),
        title=N_("Ways that are open"),
        description=N_("A way that is not chosen does not exist."),
        json_schema_extra={"labels": dict(WAYS)},
    )
    kinds: tuple[Kind, ...] = Field(
        default=("employer",),
        title=N_("Who may apply"),
        description=N_("By the form or at the counter."),
        json_schema_extra={"labels": dict(KINDS)},
    )
    must_be_known: bool = Field(
        default=True,
        title=N_("Only numbers that the caisse knows"),
        description=N_("No: an application with an unknown number is kept, and a clerk decides."),
    )
    legal_representative: bool = Field(
        default=True,
        title=N_("Ask for the legal representative"),
        description=N_("She gets a copy of each letter with access codes, without the password."),
    )
    most_delegates: Annotated[int, Field(ge=1, le=10)] = Field(
        default=5, title=N_("Delegates of an employer"), description=N_("At most so many in one application, 1 to 10.")
    )
    hand_over: tuple[HandOver, ...] = Field(
        default=("letter",),
        title=N_("How identifier and password are handed over"),
        description=N_("The first one is proposed."),
        json_schema_extra={"labels": dict(HAND_OVERS), "ordered": True},
        min_length=1,
    )
    private_codes: tuple[CodeFrom, ...] = Field(
        default=("letter",),
        title=N_("Codes for self-registration"),
        description=N_(
            "In a letter: only the person has it, which is the safer way. From the employer: one code for the whole "
            "staff, and the person is told by letter that somebody registered."
        ),
        json_schema_extra={"labels": dict(CODES_FROM)},
    )
    introduction: LongWords = Field(
        default_factory=dict,
        title=N_("Introduction of the public form"),
        description=N_("One text for each language, shown on its first page."),
    )
    leaflet: LongWords = Field(
        default_factory=dict,
        title=N_("Text of the leaflet for the staff"),
        description=N_("One text for each language; without one the platform's own is printed."),
    )

    def is_open(self, way: str) -> bool:
        """Whether the caisse has opened a way."""
        return way in self.ways
