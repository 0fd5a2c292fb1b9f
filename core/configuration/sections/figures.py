"""Figures that a caisse sets for itself, each with its days and its source, beside those of its jurisdiction."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from core.configuration.registry import PERIODS, Part, Refusal, Section, register
from core.configuration.sections.types import check_day
from core.kernel.text import N_
from core.parameters import book


class OwnFigure(Part):
    """One value of one figure, from a day on."""

    key: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        title=N_("Figure"), json_schema_extra={"choices": "figures"}
    )
    value: Annotated[str, Field(pattern=r"^(-?\d{1,12}(\.\d{1,6})?|\d{2}-\d{2})$")] = Field(
        title=N_("Value"), description=N_("A number with a point, or a day of the year such as 01-30.")
    )
    valid_from: date = Field(title=N_("From"))
    valid_until: date | None = Field(
        default=None, title=N_("Until"), description=N_("The last day; empty: until another value follows.")
    )
    source: Annotated[str, Field(min_length=3, max_length=300)] = Field(
        title=N_("Source"), description=N_("The decision or law on which it rests.")
    )

    @property
    def is_number(self) -> bool:
        """Whether it is no day of the year."""
        return "-" not in self.value[1:]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until and self.valid_until < self.valid_from:
            raise Refusal(N_("The last day is before the first."))
        return self


@register
class FiguresSection(Section):
    """Own dated figures."""

    key = "figures"
    title = N_("Own dated figures")
    help = N_("Rates, ceilings and deadlines that the caisse sets for itself; they come before those of the law.")
    group = PERIODS
    order = 16

    figures: tuple[OwnFigure, ...] = Field(
        default=(), title=N_("Figures"), description=N_("Of one figure only one value holds on a day.")
    )

    @model_validator(mode="after")
    def _of_their_units(self) -> Self:
        units = book.list_units()
        for one in self.figures:
            if units.get(one.key) == book.DAY_OF_YEAR:
                check_day(one.value)
            elif one.key in units and not one.is_number:
                raise Refusal(N_("%(key)s is a number, such as 10.5."), key=one.key)
        return self

    @model_validator(mode="after")
    def _one_at_a_time(self) -> Self:
        ordered = sorted(self.figures, key=lambda one: (one.key, one.valid_from))
        for first, second in pairwise(ordered):
            if first.key == second.key and (first.valid_until or date.max) >= second.valid_from:
                raise Refusal(N_("Two values of %(key)s hold on the same day."), key=first.key)
        return self
