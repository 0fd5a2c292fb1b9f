"""Deadlines, thresholds and sizes that the caisse sets itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from core.configuration.registry import PERIODS, Refusal, Section, register
from core.configuration.sections.types import DayOfYear
from core.kernel.text import N_

if TYPE_CHECKING:
    from datetime import date


@register
class DeadlinesSection(Section):
    """Deadlines and thresholds that the caisse sets itself."""

    key = "deadlines"
    title = N_("Deadlines and thresholds")
    help = N_("How long people have for an answer, and from when a change is to be justified.")
    group = PERIODS
    order = 10

    answer_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=30, title=N_("Days to answer a question"), description=N_("Calendar days, 1 to 365.")
    )
    wage_change_percent: Annotated[int, Field(ge=1, le=100)] = Field(
        default=10,
        title=N_("Change of the wage sum, in percent"),
        description=N_("Above it, and above the amount, a reason is asked for the difference from last year."),
    )
    wage_change_amount: Annotated[int, Field(ge=0, le=1_000_000_000)] = Field(
        default=20_000,
        title=N_("Change of the wage sum, amount"),
        description=N_("In the caisse's currency."),
    )
    protected_from: DayOfYear = Field(
        default="12-01",
        title=N_("Protected season from"),
        description=N_(
            "First day of the season in which neither a mandate nor a user of a company is paused. Empty: there "
            "is none."
        ),
        json_schema_extra={"control": "yearday"},
    )
    protected_until: DayOfYear = Field(
        default="02-28",
        title=N_("Protected season until"),
        description=N_("Last day of this season; it may lie in the next year."),
        json_schema_extra={"control": "yearday"},
    )

    @model_validator(mode="after")
    def _whole_season(self) -> Self:
        if bool(self.protected_from) != bool(self.protected_until):
            raise Refusal(N_("Enter the first and the last day of the season, or neither."))
        return self

    def is_protected(self, day: date) -> bool:
        """Whether nobody is paused on that day."""
        if not self.protected_from:
            return False
        here = f"{day:%m-%d}"
        # Until the end of February, in a leap year too.
        until = "02-29" if self.protected_until == "02-28" else self.protected_until
        if self.protected_from <= until:
            return self.protected_from <= here <= until
        return here >= self.protected_from or here <= until


@register
class IntakeSection(Section):
    """Files that may be sent."""

    key = "intake"
    title = N_("Files")
    help = N_("How large files may be.")
    group = PERIODS
    order = 20

    upload_megabytes: Annotated[int, Field(ge=1, le=200)] = Field(
        default=50, title=N_("Largest file"), description=N_("In megabytes, 1 to 200.")
    )
    marked_workbook_rows: Annotated[int, Field(ge=100, le=50_000)] = Field(
        default=20_000,
        title=N_("Rows of a marked workbook"),
        description=N_("Above this number a workbook of findings is made instead."),
    )
