"""Which themes are offered, to whom, from when, and how they are called."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.configuration.registry import OFFER, Part, Refusal, Section, register
from core.configuration.sections.types import LEVELS, Level, Line, LongWords, Slug, Words
from core.kernel.text import N_

AUDIENCES = {"all": N_("all employers"), "group": N_("groups of employers"), "named": N_("named employers")}


class TypeRule(Part):
    """One message type of a theme, where the caisse departs from what the theme declares."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{1,79}$")] = Field(
        title=N_("Message type"),
        json_schema_extra={"choices": "message_types"},
    )
    on: bool = Field(default=True, title=N_("Offered"), description=N_("When it is off, nothing new begins."))
    assurance: Level | None = Field(
        default=None,
        title=N_("Assurance level at least"),
        description=N_("Empty means 2."),
        json_schema_extra={"labels": dict(LEVELS)},
    )


class ThemeOffer(Part):
    """One theme as this caisse offers it."""

    slug: Slug = Field(
        title=N_("Theme"),
        json_schema_extra={"choices": "themes"},
    )
    on: bool = Field(
        default=True,
        title=N_("Offered"),
        description=N_("When it is off, nothing new begins; what is open can be finished."),
    )
    starts: date | None = Field(default=None, title=N_("Offered from"), description=N_("Empty: at once."))
    order: int | None = Field(default=None, title=N_("Place in lists"), description=N_("Small numbers come first."))
    names: Words = Field(
        default_factory=dict, title=N_("Own name"), description=N_("Where the caisse has another word for it.")
    )
    introductions: LongWords = Field(
        default_factory=dict, title=N_("Introduction"), description=N_("Stands above the theme's documents.")
    )
    contacts: Words = Field(
        default_factory=dict, title=N_("Contact for this theme"), description=N_("Whom to ask; one line each language.")
    )
    news: LongWords = Field(
        default_factory=dict,
        title=N_("Text on the change"),
        description=N_(
            "Told to the employers concerned, with the notice and the e-mail, when the theme appears or ends."
        ),
    )
    audience: Literal["all", "group", "named"] = Field(
        default="all",
        title=N_("Offered to"),
        description=N_("A theme can be introduced step by step."),
        json_schema_extra={"labels": dict(AUDIENCES)},
    )
    groups: tuple[Slug, ...] = Field(
        default=(), title=N_("Groups"), description=N_("Where it is offered to groups: their names below.")
    )
    employers: tuple[Line, ...] = Field(
        default=(), title=N_("Employers"), description=N_("Where it is offered to named employers: their numbers.")
    )
    types: tuple[TypeRule, ...] = Field(
        default=(), title=N_("Message types"), description=N_("Only those that differ from the theme's own rules.")
    )

    @model_validator(mode="after")
    def _is_for_somebody(self) -> Self:
        if (self.audience == "group" and not self.groups) or (self.audience == "named" and not self.employers):
            raise Refusal(N_("Name the groups or employers to whom the theme is offered."))
        _refuse_twice([rule.key for rule in self.types])
        return self


class EmployerGroup(Part):
    """Employers under one name."""

    name: Slug = Field(title=N_("Name"), description=N_("Small letters, digits and low lines, such as pilot."))
    employers: tuple[Line, ...] = Field(default=(), title=N_("Employers"), description=N_("Their numbers."))


@register
class ThemesSection(Section):
    """Which themes are offered."""

    key = "themes"
    title = N_("Themes")
    help = N_("Which themes the portal offers, to whom, from when, and under which name.")
    group = OFFER
    order = 10

    offers: tuple[ThemeOffer, ...] = Field(
        default=(), title=N_("Themes"), description=N_("A theme that is not listed is not offered.")
    )
    groups: tuple[EmployerGroup, ...] = Field(
        default=(), title=N_("Groups of employers"), description=N_("To whom themes can be offered first.")
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _refuse_twice([offer.slug for offer in self.offers])
        _refuse_twice([group.name for group in self.groups])
        unknown = {name for offer in self.offers for name in offer.groups} - {group.name for group in self.groups}
        if unknown:
            raise Refusal(N_("There is no group %(name)s."), name=min(unknown))
        return self

    def find(self, slug: str) -> ThemeOffer | None:
        """Return what the caisse says about a theme."""
        return next((offer for offer in self.offers if offer.slug == slug), None)

    def is_on(self, slug: str, today: date) -> bool:
        """Whether the theme is offered on that day, to whomever."""
        found = self.find(slug)
        return found is not None and found.on and _has_begun(found, today)

    def is_open_to(self, slug: str, employer: str, today: date) -> bool:
        """Whether an employer (by number) has the theme: also one that is off, for what is still open."""
        found = self.find(slug)
        return found is not None and _has_begun(found, today) and self._is_for(found, employer)

    def _is_for(self, offer: ThemeOffer, employer: str) -> bool:
        if offer.audience == "named":
            return employer in offer.employers
        members = (group.employers for group in self.groups if group.name in offer.groups)
        return offer.audience == "all" or any(employer in numbers for numbers in members)

    def list_readers(self, today: date) -> dict[str, str | list[str]]:
        """Return by slug to whom each theme is offered on a day: ``"all"``, or the numbers of employers."""
        return {offer.slug: self._readers_of(offer) for offer in self.offers if offer.on and _has_begun(offer, today)}

    def _readers_of(self, offer: ThemeOffer) -> str | list[str]:
        if offer.audience == "all":
            return "all"
        if offer.audience == "named":
            return sorted(set(offer.employers))
        return sorted({number for group in self.groups if group.name in offer.groups for number in group.employers})

    def order_of(self, slug: str, default: int) -> int:
        """Return the theme's place, the theme's own wish where the caisse says nothing."""
        found = self.find(slug)
        return default if found is None or found.order is None else found.order

    def name_of(self, slug: str, language: str) -> str | None:
        """Return the caisse's own name for a theme."""
        found = self.find(slug)
        return found.names.get(language) if found else None

    def rule_of(self, slug: str, type_key: str) -> TypeRule:
        """Return where the caisse departs from what a message type declares."""
        found = self.find(slug)
        rules = found.types if found else ()
        return next((rule for rule in rules if rule.key == type_key), TypeRule(key=type_key))


def _has_begun(offer: ThemeOffer, today: date) -> bool:
    return offer.starts is None or offer.starts <= today


def _refuse_twice(names: list[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Refusal(N_("%(name)s is named twice."), name=twice)
