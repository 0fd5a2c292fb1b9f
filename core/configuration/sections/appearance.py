"""How the caisse looks, and which languages it speaks."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from core.configuration import logos, rasters
from core.configuration.colours import READABLE, contrast, is_colour, nearest_readable
from core.configuration.registry import APPEARANCE, Refusal, Section, register
from core.configuration.sections.types import LongWords
from core.kernel.text import N_

# Each by its own name, in every language.
LANGUAGES = {"fr": N_("Français"), "de": N_("Deutsch"), "it": N_("Italiano"), "en": N_("English")}
SUPPORTED_LANGUAGES = tuple(LANGUAGES)
PAPER = "#ffffff"


@register
class BrandingSection(Section):
    """How the caisse looks."""

    key = "branding"
    title = N_("Name, colour and logo")
    help = N_("How the caisse appears on pages, in mails and on receipts.")
    group = APPEARANCE
    order = 10

    name: Annotated[str, Field(min_length=2, max_length=120)] = Field(
        default="Caisse", title=N_("Full name"), description=N_("As it stands on letters.")
    )
    short_name: Annotated[str, Field(min_length=1, max_length=24)] = Field(
        default="Caisse", title=N_("Short name"), description=N_("For the header of every page.")
    )
    accent: str = Field(
        default="#0b5d66",
        title=N_("Colour"),
        description=N_("Colour of links and buttons; white text on it must be readable (contrast 4.5 to 1)."),
        json_schema_extra={"control": "colour"},
    )
    logo_svg: str = Field(
        default="",
        title=N_("Logo"),
        description=N_("An SVG drawing, 64 KiB at most, without scripts and links."),
        json_schema_extra={"control": "svg"},
    )
    logo_png: str = Field(
        default="",
        title=N_("Logo as a picture"),
        description=N_("Where there is no drawing: a PNG picture, 96 KiB and 2000 pixels a side at most."),
        json_schema_extra={"control": "png"},
    )
    favicon_svg: str = Field(
        default="",
        title=N_("Icon of the browser's tab"),
        description=N_("A square SVG drawing, 16 KiB at most; the platform's icon where there is none."),
        json_schema_extra={"control": "svg"},
    )
    mail_foot: LongWords = Field(
        default_factory=dict,
        title=N_("Foot of e-mails"),
        description=N_("Stands below every e-mail, such as address and opening hours; one text for each language."),
    )
    receipt_text: LongWords = Field(
        default_factory=dict,
        title=N_("Text on receipts"),
        description=N_("Stands at the end of every receipt; one text for each language."),
    )

    @field_validator("accent")
    @classmethod
    def _accent_is_readable(cls, value: str) -> str:
        if not is_colour(value):
            raise Refusal(N_("A colour is written like #0b5d66."))
        found = contrast(value, PAPER)
        if found < READABLE:
            raise Refusal(
                N_("The contrast to white is %(found)s, at least %(needed)s is needed; %(nearest)s would do."),
                found=f"{found:.1f}",
                needed=READABLE,
                nearest=nearest_readable(value, PAPER),
            )
        return value.lower()

    @field_validator("logo_svg")
    @classmethod
    def _logo_is_harmless(cls, value: str) -> str:
        value = logos.clean(value)
        if value and (fault := logos.find_fault(value)):
            raise fault
        return value

    @field_validator("logo_png")
    @classmethod
    def _picture_is_small(cls, value: str) -> str:
        if value and (fault := rasters.find_fault(value)):
            raise fault
        return "".join(value.split())

    @field_validator("favicon_svg")
    @classmethod
    def _icon_is_harmless(cls, value: str) -> str:
        value = logos.clean(value)
        if value and (fault := logos.find_fault(value, most_bytes=logos.MAX_ICON_BYTES)):
            raise fault
        return value

    @property
    def logo_drawing(self) -> str:
        """The logo as SVG for papers, also where it was given as a picture."""
        return self.logo_svg or (rasters.wrap(self.logo_png) if self.logo_png else "")


@register
class LanguagesSection(Section):
    """Languages of the portal."""

    key = "languages"
    title = N_("Languages")
    help = N_("In which languages the portal can be read.")
    group = APPEARANCE
    order = 20

    languages: tuple[str, ...] = Field(
        default=("fr", "de", "it", "en"),
        title=N_("Languages offered"),
        description=N_("In the order in which they are offered."),
        json_schema_extra={"labels": dict(LANGUAGES), "ordered": True},
    )
    default: str = Field(
        default="fr",
        title=N_("First language"),
        description=N_("For whoever has not chosen one; it must be among those offered."),
        json_schema_extra={"labels": dict(LANGUAGES)},
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        unknown = set(self.languages) - set(SUPPORTED_LANGUAGES)
        if unknown or not self.languages:
            raise Refusal(N_("Languages must be among %(known)s."), known=", ".join(SUPPORTED_LANGUAGES))
        if len(set(self.languages)) != len(self.languages):
            raise Refusal(N_("A language is named twice."))
        if self.default not in self.languages:
            raise Refusal(N_("The first language must be one of those offered."))
        return self
