"""What surrounds the terms of use; their versions and texts are kept apart (``core.terms``)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.configuration.registry import CONTACT, Part, Section, register
from core.configuration.sections.types import Words
from core.kernel.text import N_


class Platform(Part):
    """A platform of somebody else whose own rules hold beside the terms."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = Field(title=N_("Name"))
    address: Annotated[str, Field(pattern=r"^https://[^\s\"<>]{3,400}$")] = Field(
        title=N_("Address of its rules"), description=N_("It begins with https://.")
    )
    purposes: Words = Field(
        default_factory=dict, title=N_("What it is used for"), description=N_("One line for each language.")
    )


@register
class TermsSection(Section):
    """Terms of use."""

    key = "terms"
    title = N_("Terms of use: renewal and platforms")
    help = N_("Whether an acceptance is renewed each year, and which rules of others hold beside the terms.")
    group = CONTACT
    order = 35

    renews_yearly: bool = Field(
        default=False,
        title=N_("Renewed tacitly each year"),
        description=N_("An acceptance holds for a year from its day, and for another one unless it is ended."),
    )
    renewal_notice_days: Annotated[int, Field(ge=0, le=180)] = Field(
        default=30,
        title=N_("Notice before a renewal, in days"),
        description=N_("So many days before, 0 to 180, a company's administrators are told; with 0 nobody is."),
    )
    platforms: tuple[Platform, ...] = Field(
        default=(),
        title=N_("Platforms of others"),
        description=N_("Their rules are named beside the terms; who uses them through the portal keeps to those too."),
    )
