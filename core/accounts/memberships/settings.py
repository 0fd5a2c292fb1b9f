"""What the caisse sets for the access of companies: its clerks' part, end dates, the review from time to time."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from core.configuration import configuration
from core.configuration.registry import ACCESS, Refusal, Section, register
from core.kernel.text import N_
from tenants.scope import current_caisse

LEAP_YEAR = 2024


def _check_day(text: str) -> str:
    if text:
        try:
            month, day = (int(part) for part in text.split("-"))
            date(LEAP_YEAR, month, day)
        except ValueError as error:
            raise Refusal(N_("Write a day as month and day, such as 12-15.")) from error
    return text


DayOfYear = Annotated[str, Field(max_length=5), AfterValidator(_check_day)]


@register
class CompanyAccessSection(Section):
    """How long users of companies keep their access, and who looks at it."""

    key = "company_access"
    title = N_("Users of companies")
    help = N_("What the caisse may set for users of companies, when their access ends, and who looks at it again.")
    group = ACCESS
    order = 30

    clerks_set_themes: bool = Field(
        default=False,
        title=N_("Clerks set themes of users"),
        description=N_(
            "A clerk for all themes may limit a company's user, or appoint an administrator on proof. Off: only "
            "administrators of the caisse do."
        ),
    )
    longest_months: Annotated[int, Field(ge=1, le=60)] | None = Field(
        default=None,
        title=N_("Longest access in months"),
        description=N_("An access that is given anew ends after so many months, 1 to 60. Empty: no end."),
    )
    review_months: Annotated[int, Field(ge=1, le=60)] | None = Field(
        default=None,
        title=N_("Review every … months"),
        description=N_("After so many months, 1 to 60, administrators confirm who still needs access. Empty: never."),
    )
    remind_days: Annotated[int, Field(ge=1, le=90)] = Field(
        default=30,
        title=N_("Reminder before"),
        description=N_("So many days, 1 to 90, before an access ends or a review is due."),
    )
    pause_days: Annotated[int, Field(ge=7, le=365)] | None = Field(
        default=None,
        title=N_("Pause after … days"),
        description=N_(
            "Users whom nobody confirmed are paused so many days, 7 to 365, after the review was due; never an "
            "administrator, never with an open deadline. Empty: never."
        ),
    )
    protected_from: DayOfYear = Field(
        default="12-01",
        title=N_("No pause from"),
        description=N_("First day of the season in which nobody is paused, as month and day, such as 12-01."),
    )
    protected_until: DayOfYear = Field(
        default="02-15",
        title=N_("No pause until"),
        description=N_("Last day of this season, as month and day, such as 02-15."),
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.protected_from) != bool(self.protected_until):
            raise Refusal(N_("Enter the first and the last day of the season, or neither."))
        if self.pause_days is not None and self.review_months is None:
            raise Refusal(N_("Nobody can be paused without a review."))
        return self

    def is_protected(self, day: date) -> bool:
        """Whether nobody is paused on that day; a season may go over the turn of the year."""
        if not self.protected_from:
            return False
        here = f"{day:%m-%d}"
        if self.protected_from <= self.protected_until:
            return self.protected_from <= here <= self.protected_until
        return here >= self.protected_from or here <= self.protected_until


def access_settings() -> CompanyAccessSection:
    """Return what the caisse of the open scope has set."""
    return configuration.get(current_caisse(), CompanyAccessSection)
