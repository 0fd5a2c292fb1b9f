"""How long the caisse keeps what it has, and, apart from it, how long the portal shows it."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol, Self

from pydantic import Field, model_validator

from core.configuration.registry import PERIODS, Part, Refusal, Section, register
from core.configuration.sections.types import Line
from core.kernel.text import N_

Start = Literal["closed", "sent", "period_end"]
STARTS = {
    "closed": N_("the matter was completed"),
    "sent": N_("it was sent or published"),
    "period_end": N_("the year that it is about ended"),
}
Years = Annotated[int, Field(ge=0, le=100)]
Months = Annotated[int, Field(ge=0, le=11)]
DisplayMonths = Annotated[int, Field(ge=1, le=1200)]

_STARTS = N_("From when")
_STARTS_HELP = N_("What the duration is counted from.")
_YEARS, _YEARS_HELP = N_("Kept for years"), N_("0 to 100; added to the months.")
_MONTHS, _MONTHS_HELP = N_("and months"), N_("0 to 11.")
_SOURCE, _SOURCE_HELP = N_("Legal source"), N_("Article that the duration comes from; people read it.")
_DISPLAY = N_("Shown for months")
_DISPLAY_HELP = N_("How long the portal lists it after that; empty: as long as it is kept.")


class _Kept(Protocol):
    @property
    def total_months(self) -> int: ...

    @property
    def display_months(self) -> int | None: ...


class RetentionRule(Part):
    """One message type or kind of document that is kept or shown for another time than the rest."""

    what: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{1,79}$")] = Field(
        title=N_("Message type or kind of document"),
        json_schema_extra={"choices": "kept"},
    )
    starts: Start = Field(
        default="closed", title=_STARTS, description=_STARTS_HELP, json_schema_extra={"labels": dict(STARTS)}
    )
    years: Years = Field(default=10, title=_YEARS, description=_YEARS_HELP)
    months: Months = Field(default=0, title=_MONTHS, description=_MONTHS_HELP)
    source: Line = Field(default="", title=_SOURCE, description=_SOURCE_HELP)
    display_months: DisplayMonths | None = Field(default=None, title=_DISPLAY, description=_DISPLAY_HELP)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _check(self)
        return self

    @property
    def total_months(self) -> int:
        """The duration in months."""
        return self.years * 12 + self.months


@register
class RetentionSection(Section):
    """How long messages and documents are kept and shown."""

    key = "retention"
    title = N_("Keeping and showing")
    help = N_("How long messages and documents are kept, and how long the portal lists them.")
    group = PERIODS
    order = 14

    starts: Start = Field(
        default="closed", title=_STARTS, description=_STARTS_HELP, json_schema_extra={"labels": dict(STARTS)}
    )
    years: Years = Field(default=10, title=_YEARS, description=_YEARS_HELP)
    months: Months = Field(default=0, title=_MONTHS, description=_MONTHS_HELP)
    source: Line = Field(default="", title=_SOURCE, description=_SOURCE_HELP)
    display_months: DisplayMonths | None = Field(default=None, title=_DISPLAY, description=_DISPLAY_HELP)
    rules: tuple[RetentionRule, ...] = Field(
        default=(), title=N_("Exceptions"), description=N_("What is kept or shown for another time than the rest.")
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _check(self)
        names = [rule.what for rule in self.rules]
        if twice := {name for name in names if names.count(name) > 1}:
            raise Refusal(N_("%(name)s is named twice."), name=min(twice))
        return self

    @property
    def total_months(self) -> int:
        """The duration in months of what no exception names."""
        return self.years * 12 + self.months

    def rule_of(self, what: str) -> RetentionRule | RetentionSection:
        """Return what holds for a message type or kind of document."""
        return next((rule for rule in self.rules if rule.what == what), self)


def _check(kept: _Kept) -> None:
    if not kept.total_months:
        raise Refusal(N_("It must be kept for at least one month."))
    if kept.display_months and kept.display_months > kept.total_months:
        raise Refusal(N_("It cannot be shown for longer than it is kept."))
