"""Kinds that are figures: whole numbers, decimals, amounts of money, percentages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from core.declare.display import show_number
from core.declare.faults import FieldFault
from core.declare.kinds.base import Json, Kind, SheetColumn, SqlColumn, Widget
from core.declare.numbers import read_number
from core.declare.texts import strip
from core.kernel.text import Text as Msgid

HIGHEST = Decimal(10**12)
PRECISION = 15
PER_CENT = Msgid("%")


@dataclass(frozen=True, kw_only=True)
class Number(Kind[Decimal]):
    """A decimal number with ``scale`` decimals, between ``minimum`` and ``maximum``, both included."""

    scale: int = 2
    minimum: Decimal = -HIGHEST
    maximum: Decimal = HIGHEST

    name: ClassVar[str] = "number"
    column: ClassVar[str] = "core.declare.columns:NumberColumn"

    def read(self, text: str) -> Decimal:
        try:
            value = read_number(self.bare(text), scale=self.scale)
        except FieldFault as fault:
            fault.params.setdefault("example", self.examples[0] if self.examples else "1234.50")
            raise
        return within(value, self.minimum, self.maximum)

    def bare(self, text: str) -> str:
        """Return the text without what may stand around the figure."""
        return text

    def to_text(self, value: Decimal) -> str:
        return f"{value:.{self.scale}f}"

    def show(self, value: Decimal, language: str) -> str:
        return show_number(value.quantize(Decimal(1).scaleb(-self.scale)), language)

    def json_schema(self) -> dict[str, Any]:
        decimals = rf"\.[0-9]{{{self.scale}}}" if self.scale else ""
        return {"type": "string", "pattern": f"^-?[0-9]+{decimals}$"}

    def widget(self) -> Widget:
        return Widget(inputmode="decimal")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("numeric", precision=PRECISION, scale=self.scale)

    def sheet_column(self) -> SheetColumn:
        decimals = "." + "0" * self.scale if self.scale else ""
        return SheetColumn(number_format=f"#,##0{decimals}", width=14, align="right")


@dataclass(frozen=True, kw_only=True)
class Money(Number):
    """An amount in one currency (ISO 4217). ``CHF 1'234.50``, ``1'234.–`` are read too."""

    currency: str
    signs: tuple[str, ...] = ()

    name: ClassVar[str] = "money"

    def bare(self, text: str) -> str:
        for sign in (self.currency, *self.signs):
            text = re.sub(rf"^{re.escape(sign)}|{re.escape(sign)}$", "", text, flags=re.IGNORECASE)
        return strip(text)

    def json_schema(self) -> dict[str, Any]:
        return super().json_schema() | {"x-currency": self.currency}


@dataclass(frozen=True, kw_only=True)
class Percent(Number):
    """A share of a hundred; ``12.5`` and ``12,5 %`` are the same."""

    unit: Msgid = PER_CENT
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(100)

    name: ClassVar[str] = "percent"

    def bare(self, text: str) -> str:
        return strip(text.removesuffix("%"))


@dataclass(frozen=True, kw_only=True)
class Integer(Kind[int]):
    """A whole number between ``minimum`` and ``maximum``, both included."""

    minimum: int = 0
    maximum: int = 2_000_000_000

    name: ClassVar[str] = "integer"
    column: ClassVar[str] = "core.declare.columns:IntegerColumn"

    def read(self, text: str) -> int:
        try:
            value = read_number(text, scale=3)
        except FieldFault as fault:
            fault.params.setdefault("example", self.examples[0] if self.examples else "1234")
            raise
        if value != value.to_integral_value():
            raise FieldFault("number_not_whole")
        return int(within(value, Decimal(self.minimum), Decimal(self.maximum)))

    def to_json(self, value: int) -> Json:
        return value

    def show(self, value: int, language: str) -> str:
        return show_number(value, language)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def widget(self) -> Widget:
        return Widget(inputmode="numeric")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("bigint")

    def sheet_column(self) -> SheetColumn:
        return SheetColumn(number_format="0", width=10, align="right")


def within(value: Decimal, minimum: Decimal, maximum: Decimal) -> Decimal:
    """Return the value, or raise ``number_too_small`` or ``number_too_large``."""
    if value < minimum:
        raise FieldFault("number_too_small", limit=str(minimum))
    if value > maximum:
        raise FieldFault("number_too_large", limit=str(maximum))
    return value
