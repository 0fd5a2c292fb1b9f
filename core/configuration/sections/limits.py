"""Deadlines, thresholds and sizes that the caisse sets itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.configuration.registry import PERIODS, Section, register
from core.kernel.text import N_


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
