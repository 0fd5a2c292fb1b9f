"""Whom to ask, and what every visitor is told."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from core.configuration.registry import CONTACT, Part, Refusal, Section, register
from core.configuration.sections.types import Line, LongWords, Words
from core.kernel.text import N_


@register
class ContactSection(Section):
    """Whom to ask."""

    key = "contact"
    title = N_("Address and contact")
    help = N_("Address, phone and opening hours, shown at the foot of every page and on letters.")
    group = CONTACT
    order = 10

    street: Line = Field(default="", title=N_("Street and number"))
    postcode: Line = Field(default="", title=N_("Postcode"))
    town: Line = Field(default="", title=N_("Town"))
    phone: Line = Field(
        default="", title=N_("Phone"), description=N_("With the country's prefix, as it is to be shown.")
    )
    mail: Line = Field(default="", title=N_("E-mail address"))
    hours: Words = Field(default_factory=dict, title=N_("Opening hours"), description=N_("One line for each language."))

    @property
    def address_lines(self) -> tuple[str, ...]:
        """The postal address, line by line."""
        return tuple(filter(None, (self.street, f"{self.postcode} {self.town}".strip())))


LEVELS = {"info": N_("information"), "warning": N_("important"), "danger": N_("urgent")}
READERS = {
    "visitors": N_("everybody, already at the sign-in"),
    "portal": N_("who is signed in to the portal"),
    "employers": N_("employers"),
    "agents": N_("fiduciaries and other agents"),
    "insured": N_("insured and self-employed persons"),
    "desk": N_("the caisse's own people"),
}


class Announcement(Part):
    """A text that people see for a while, on the start page or already at the sign-in."""

    texts: LongWords = Field(title=N_("Text"), description=N_("One text for each language."))
    level: Literal["info", "warning", "danger"] = Field(
        default="info",
        title=N_("Level"),
        description=N_("How much it stands out."),
        json_schema_extra={"labels": dict(LEVELS)},
    )
    audience: Literal["visitors", "portal", "employers", "agents", "insured", "desk"] = Field(
        default="portal",
        title=N_("Readers"),
        description=N_("Who sees it."),
        json_schema_extra={"labels": dict(READERS)},
    )
    dismissible: bool = Field(
        default=True,
        title=N_("Can be put away"),
        description=N_("Who has read it can hide it in her browser; a changed text appears again."),
    )
    shown_from: date | None = Field(default=None, title=N_("Shown from"), description=N_("Empty: at once."))
    shown_until: date | None = Field(
        default=None, title=N_("Shown until"), description=N_("The last day; empty: until it is removed.")
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.shown_from and self.shown_until and self.shown_until < self.shown_from:
            raise Refusal(N_("The last day is before the first."))
        return self


@register
class NoticesSection(Section):
    """Announcements."""

    key = "notices"
    title = N_("Announcements on the dashboard")
    help = N_("Short texts on the start page, or already at the sign-in, for a while and for whom you choose.")
    group = CONTACT
    order = 20

    notices: tuple[Announcement, ...] = Field(
        default=(), title=N_("Announcements"), description=N_("Shown in this order, each between its days.")
    )
