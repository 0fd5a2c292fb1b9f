"""Kinds that are points and spans of time: days, years, periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from core.declare.dates import FIRST_DAY, LAST_DAY, read_date, read_period, read_year
from core.declare.display import show_date
from core.declare.faults import FieldFault
from core.declare.kinds.base import Json, Kind, SheetColumn, SqlColumn, Widget
from core.kernel.periods import Period as Span


@dataclass(frozen=True, kw_only=True)
class Date(Kind[date]):
    """A day of the calendar between ``earliest`` and ``latest``, both included."""

    earliest: date = FIRST_DAY
    latest: date = LAST_DAY

    name: ClassVar[str] = "date"
    column: ClassVar[str] = "core.declare.columns:DateColumn"

    def read(self, text: str) -> date:
        day = read_date(text)
        if not self.earliest <= day <= self.latest:
            raise FieldFault("date_out_of_range", earliest=show_date(self.earliest), latest=show_date(self.latest))
        return day

    def to_text(self, value: date) -> str:
        return value.isoformat()

    def show(self, value: date, language: str) -> str:  # noqa: ARG002 -- all our languages share one form
        return show_date(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def widget(self) -> Widget:
        return Widget(inputmode="numeric", placeholder="31.12.2025")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("date")

    def sheet_column(self) -> SheetColumn:
        return SheetColumn(number_format="dd.mm.yyyy", width=12)


@dataclass(frozen=True, kw_only=True)
class Year(Kind[int]):
    """A calendar year between ``earliest`` and ``latest``, both included."""

    earliest: int = 1900
    latest: int = 2199

    name: ClassVar[str] = "year"
    column: ClassVar[str] = "core.declare.columns:YearColumn"

    def read(self, text: str) -> int:
        year = read_year(text)
        if not self.earliest <= year <= self.latest:
            raise FieldFault("year_out_of_range", earliest=self.earliest, latest=self.latest)
        return year

    def to_json(self, value: int) -> Json:
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.earliest, "maximum": self.latest}

    def widget(self) -> Widget:
        return Widget(inputmode="numeric", maxlength=4)

    def sql_column(self) -> SqlColumn:
        return SqlColumn("smallint")

    def sheet_column(self) -> SheetColumn:
        return SheetColumn(number_format="0", width=8, align="right")


@dataclass(frozen=True, kw_only=True)
class Period(Kind[Span]):
    """From a first to a last day; kept as ``2025-01-01/2025-12-31`` (ISO 8601)."""

    earliest: date = FIRST_DAY
    latest: date = LAST_DAY

    name: ClassVar[str] = "period"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> Span:
        span = read_period(text)
        if span.first < self.earliest or span.last > self.latest:
            raise FieldFault("date_out_of_range", earliest=show_date(self.earliest), latest=show_date(self.latest))
        return span

    def to_text(self, value: Span) -> str:
        return f"{value.first.isoformat()}/{value.last.isoformat()}"

    def show(self, value: Span, language: str) -> str:  # noqa: ARG002 -- all our languages share one form
        return f"{show_date(value.first)} – {show_date(value.last)}"

    def json_schema(self) -> dict[str, Any]:
        day = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
        return {"type": "string", "pattern": f"^{day}/{day}$"}

    def widget(self) -> Widget:
        return Widget(inputmode="text", placeholder="01.01.2025 – 31.12.2025")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=21)
