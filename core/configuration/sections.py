"""The typed sections of a caisse's configuration; forms, file, REST and history come from these classes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.configuration import logos
from core.configuration.colours import READABLE, contrast, is_colour
from core.configuration.registry import Section, register

SUPPORTED_LANGUAGES = ("fr", "de", "it", "en")
PAPER = "#ffffff"

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Line = Annotated[str, Field(max_length=200)]


@register
class BrandingSection(Section):
    """How the caisse looks."""

    key = "branding"
    title = "Name, colour and logo"

    name: Annotated[str, Field(min_length=2, max_length=120)] = Field(
        default="Caisse", description="Full name, as it stands on letters."
    )
    short_name: Annotated[str, Field(min_length=1, max_length=24)] = Field(
        default="Caisse", description="Short name for the header of a page."
    )
    accent: str = Field(
        default="#0b5d66", description="Colour of links and buttons; white text on it must be readable (4.5 : 1)."
    )
    logo_svg: str = Field(default="", description="Logo as SVG text, 64 KiB at most, without scripts.")

    @field_validator("accent")
    @classmethod
    def _accent_is_readable(cls, value: str) -> str:
        if not is_colour(value):
            raise ValueError("a colour is written like #0b5d66")
        if contrast(value, PAPER) < READABLE:
            raise ValueError(f"contrast to white is {contrast(value, PAPER):.1f}, at least {READABLE} is needed")
        return value.lower()

    @field_validator("logo_svg")
    @classmethod
    def _logo_is_harmless(cls, value: str) -> str:
        if value and (fault := logos.find_fault(value)):
            raise ValueError(fault)
        return value


@register
class LanguagesSection(Section):
    """Languages of the portal."""

    key = "languages"
    title = "Languages"

    languages: tuple[str, ...] = Field(
        default=("fr", "de", "it", "en"), description="Offered languages, first to last."
    )
    default: str = Field(default="fr", description="Language of whoever has not chosen one.")

    @model_validator(mode="after")
    def _known(self) -> Self:
        unknown = set(self.languages) - set(SUPPORTED_LANGUAGES)
        if unknown or not self.languages:
            raise ValueError(f"languages must be among {', '.join(SUPPORTED_LANGUAGES)}")
        if self.default not in self.languages:
            raise ValueError("the default must be one of the languages")
        return self


@register
class LocaleSection(Section):
    """Country, zone and currency."""

    key = "locale"
    title = "Country, time zone and currency"

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field(default="CH", description="ISO 3166.")
    time_zone: str = Field(default="Europe/Zurich", description="IANA name.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(default="CHF", description="ISO 4217.")
    jurisdiction: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = Field(
        default="ch", description="Whose dated parameters apply."
    )
    institution_number: Line = Field(default="", description="The caisse's own number, such as 026.000.")

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("this time zone is not known") from None
        return value


class ThemeOffer(BaseModel):
    """One theme as this caisse offers it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slug: Slug
    on: bool = True
    order: int | None = None
    names: dict[str, Line] = Field(default_factory=dict)


@register
class ThemesSection(Section):
    """Which themes are offered."""

    key = "themes"
    title = "Themes"

    offers: tuple[ThemeOffer, ...] = Field(default=(), description="Themes that are on, in their order.")

    @field_validator("offers")
    @classmethod
    def _each_once(cls, value: tuple[ThemeOffer, ...]) -> tuple[ThemeOffer, ...]:
        slugs = [offer.slug for offer in value]
        if len(slugs) != len(set(slugs)):
            raise ValueError("a theme is named twice")
        return value

    def is_on(self, slug: str) -> bool:
        """Whether the theme is offered."""
        return any(offer.slug == slug and offer.on for offer in self.offers)

    def order_of(self, slug: str, default: int) -> int:
        """Return the theme's place, the theme's own wish where the caisse says nothing."""
        found = next((offer for offer in self.offers if offer.slug == slug), None)
        return default if found is None or found.order is None else found.order

    def name_of(self, slug: str, language: str) -> str | None:
        """Return the caisse's own name for a theme."""
        found = next((offer for offer in self.offers if offer.slug == slug), None)
        return found.names.get(language) if found else None


@register
class ContactSection(Section):
    """Whom to ask."""

    key = "contact"
    title = "Contact"

    street: Line = ""
    postcode: Line = ""
    town: Line = ""
    phone: Line = ""
    mail: Line = ""
    hours: dict[str, Line] = Field(default_factory=dict, description="Opening hours per language.")

    @property
    def address_lines(self) -> tuple[str, ...]:
        """The postal address, line by line."""
        return tuple(filter(None, (self.street, f"{self.postcode} {self.town}".strip())))


class Announcement(BaseModel):
    """A text that every visitor sees for a while."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    texts: dict[str, Annotated[str, Field(max_length=600)]]
    shown_from: date | None = None
    shown_until: date | None = None


@register
class NoticesSection(Section):
    """Announcements."""

    key = "notices"
    title = "Announcements on the dashboard"

    notices: tuple[Announcement, ...] = ()


@register
class SignInSection(Section):
    """How people sign in; the platform's floor cannot be undercut."""

    key = "sign_in"
    title = "Sign-in"

    code_minutes: Annotated[int, Field(ge=3, le=10)] = Field(default=10, description="Validity of a code by SMS.")
    code_tries: Annotated[int, Field(ge=3, le=5)] = Field(default=5, description="Tries per code.")
    session_idle_minutes: Annotated[int, Field(ge=5, le=60)] = 30
    session_hours: Annotated[int, Field(ge=1, le=12)] = 12
    password_alone: bool = Field(default=False, description="Whether low-risk functions may be had by password alone.")


@register
class SmsSection(Section):
    """Who may be sent SMS, and how many."""

    key = "sms"
    title = "SMS"

    allowed_prefixes: tuple[Annotated[str, Field(pattern=r"^\+[0-9]{1,6}$")], ...] = ("+41", "+423")
    daily_limit: Annotated[int, Field(ge=1, le=1_000_000)] = 5000
    hourly_limit_per_prefix: Annotated[int, Field(ge=1, le=100_000)] = 500


@register
class IntakeSection(Section):
    """Files that may be sent."""

    key = "intake"
    title = "Files"

    upload_megabytes: Annotated[int, Field(ge=1, le=200)] = 50
    marked_workbook_rows: Annotated[int, Field(ge=100, le=50_000)] = Field(
        default=20_000, description="Above this number of rows a findings workbook replaces the marked one."
    )


@register
class DeadlinesSection(Section):
    """Deadlines and thresholds that the caisse sets itself."""

    key = "deadlines"
    title = "Deadlines and thresholds"

    answer_days: Annotated[int, Field(ge=1, le=365)] = Field(default=30, description="Days to answer a question.")
    wage_change_percent: Annotated[int, Field(ge=1, le=100)] = Field(
        default=10, description="Change of the wage sum against last year above which a reason is asked."
    )
    wage_change_amount: Annotated[int, Field(ge=0, le=1_000_000_000)] = Field(
        default=20_000, description="And above which amount, in the caisse's currency."
    )
