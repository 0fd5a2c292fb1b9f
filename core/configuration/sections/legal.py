"""What the portal says about itself and about whoever is responsible for it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.configuration.registry import CONTACT, Part, Refusal, Section, register
from core.configuration.sections.types import Language, Line, Words
from core.kernel.text import N_

# Several paragraphs for each language, parted by empty lines.
Pages = dict[Language, Annotated[str, Field(max_length=20_000)]]
PARAGRAPHS = N_("One text for each language; an empty line begins a paragraph.")


class Processor(Part):
    """Somebody who handles data on the caisse's behalf."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = Field(title=N_("Name"))
    country: Line = Field(default="", title=N_("Country"), description=N_("Where the data are."))
    purposes: Words = Field(default_factory=dict, title=N_("Purpose"), description=N_("One line for each language."))


CONCERNED = {
    "employer": N_("Employers"),
    "insured": N_("Insured persons"),
    "self_employed": N_("Self-employed persons"),
    "agent": N_("Fiduciaries and other agents"),
}


class Purpose(Part):
    """What data of one kind of people are processed for."""

    concerned: Literal["employer", "insured", "self_employed", "agent"] = Field(
        title=N_("Whose data"), json_schema_extra={"labels": dict(CONCERNED)}
    )
    texts: Pages = Field(default_factory=dict, title=N_("Purpose, legal basis and duration"), description=PARAGRAPHS)


class ExternalLink(Part):
    """A page elsewhere that people are led to."""

    address: Annotated[str, Field(pattern=r"^https://[^\s\"<>]{3,400}$")] = Field(
        title=N_("Web address"), description=N_("It begins with https://.")
    )
    names: Words = Field(title=N_("Text of the link"), description=N_("One line for each language."))


@register
class LegalSection(Section):
    """Legal pages."""

    key = "legal"
    title = N_("Legal pages")
    help = N_("Legal notice, data protection, accessibility and technical requirements, open to every visitor.")
    group = CONTACT
    order = 30

    notice: Pages = Field(default_factory=dict, title=N_("Legal notice"), description=PARAGRAPHS)
    data_protection: Pages = Field(default_factory=dict, title=N_("Data protection"), description=PARAGRAPHS)
    purposes: tuple[Purpose, ...] = Field(
        default=(),
        title=N_("Purposes of data processing"),
        description=N_("One entry for each kind of people whom the portal serves; shown below data protection."),
    )
    accessibility: Pages = Field(default_factory=dict, title=N_("Accessibility statement"), description=PARAGRAPHS)
    requirements: Pages = Field(default_factory=dict, title=N_("Technical requirements"), description=PARAGRAPHS)
    processors: tuple[Processor, ...] = Field(
        default=(), title=N_("Processors"), description=N_("Who handles data on behalf of the caisse.")
    )
    links: tuple[ExternalLink, ...] = Field(
        default=(), title=N_("External links"), description=N_("The caisse does not answer for their contents.")
    )

    @model_validator(mode="after")
    def _each_kind_once(self) -> Self:
        kinds = [one.concerned for one in self.purposes]
        twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
        if twice is not None:
            raise Refusal(N_("%(name)s is named twice."), name=twice)
        return self


@register
class RequirementsSection(Section):
    """What a device needs; visitors can have theirs checked."""

    key = "requirements"
    title = N_("Technical requirements")
    help = N_("What a computer or phone needs for the portal; everybody can have her own checked on a page.")
    group = CONTACT
    order = 32

    chrome: Annotated[int, Field(ge=100, le=999)] = Field(
        default=109, title=N_("Chrome and Edge from version"), description=N_("The oldest version that you support.")
    )
    firefox: Annotated[int, Field(ge=100, le=999)] = Field(
        default=115, title=N_("Firefox from version"), description=N_("The oldest version that you support.")
    )
    safari: Annotated[int, Field(ge=15, le=99)] = Field(
        default=16, title=N_("Safari from version"), description=N_("The oldest version that you support.")
    )
    screen_width: Annotated[int, Field(ge=320, le=1280)] = Field(
        default=320, title=N_("Width of the screen"), description=N_("In pixels, at least 320.")
    )
    clock_minutes: Annotated[int, Field(ge=1, le=60)] = Field(
        default=5,
        title=N_("Difference of the clock"),
        description=N_("In minutes; a clock that is wrong by more hinders one-time passwords."),
    )
