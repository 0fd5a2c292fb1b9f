"""What the caisse sets for the access of companies: its clerks' part, end dates, the review from time to time."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from core.configuration import configuration
from core.configuration.registry import ACCESS, Refusal, Section, register
from core.kernel.text import N_
from tenants.scope import current_caisse


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
            "administrator, never with an open deadline or in the protected season. Empty: never."
        ),
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.pause_days is not None and self.review_months is None:
            raise Refusal(N_("Nobody can be paused without a review."))
        return self


def access_settings() -> CompanyAccessSection:
    """Return what the caisse of the open scope has set."""
    return configuration.get(current_caisse(), CompanyAccessSection)
