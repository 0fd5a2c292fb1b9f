"""What the portal says about itself and about whoever is responsible for it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.configuration.registry import CONTACT, Part, Section, register
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
    accessibility: Pages = Field(default_factory=dict, title=N_("Accessibility statement"), description=PARAGRAPHS)
    requirements: Pages = Field(default_factory=dict, title=N_("Technical requirements"), description=PARAGRAPHS)
    processors: tuple[Processor, ...] = Field(
        default=(), title=N_("Processors"), description=N_("Who handles data on behalf of the caisse.")
    )
    links: tuple[ExternalLink, ...] = Field(
        default=(), title=N_("External links"), description=N_("The caisse does not answer for their contents.")
    )
