"""The polars side of the kinds: for each, the spellings that an expression can settle for a whole column.

A way is an expression that gives the canonical value where it is certain and null elsewhere; what no
way settles is asked of the scalar check, once per distinct text. Only the parsing child imports this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, cast

import polars as pl

from core.declare.dates import SERIAL_ORIGIN
from core.declare.kinds import Choice, Date, Integer, Kind, Number, Text, Year
from core.declare.texts import APOSTROPHES, BLANKS

Way = Callable[[pl.Expr], pl.Expr]

_NOT_CERTAIN = (
    "[\x00-\x1f\x7f-\x9f\u0300-\U0010ffff]|  |[" + "".join(char for char in BLANKS if " " < char < "\u0300") + "]"
)
_GROUPS = "[" + "".join(char for char in APOSTROPHES if char != "`") + " \u00a0\u202f]"
_ISO = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ISO_MIDNIGHT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]00:00(:00)?$"
_DAY_FIRST = r"^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}$"
_SERIAL = r"^[1-9][0-9]{4}(\.0+)?$"


class ScalarColumn:
    """A kind that is always settled by its scalar check; right for columns with few distinct texts."""

    def __init__(self, kind: Kind[Any]) -> None:
        self.kind = kind

    @property
    def dtype(self) -> pl.DataType:
        """The type of the canonical column."""
        return pl.String()

    def ways(self) -> Sequence[Way]:
        """Return the ways to try, the most frequent spelling first."""
        return ()

    def within(self, value: pl.Expr) -> pl.Expr:
        """Return a value that a way gave, or null outside of the kind's bounds. Must be cheap."""
        return value

    def store(self, value: Any) -> Any:
        """Return a scalar value as this column holds it."""
        return self.kind.to_text(value)


class TextColumn(ScalarColumn):
    """One line in composed Latin letters; everything rarer is settled one by one."""

    def ways(self) -> Sequence[Way]:
        return (self._plain,) if type(self.kind).tidy is Text.tidy else ()  # type: ignore[attr-defined]

    def _plain(self, text: pl.Expr) -> pl.Expr:
        kind = cast("Text", self.kind)
        certain = ~text.str.contains(_NOT_CERTAIN) & text.str.len_chars().is_between(kind.min_length, kind.max_length)
        if kind.pattern:
            certain &= text.str.contains(f"^(?:{kind.pattern})$")
        return pl.when(certain).then(text)


class NumberColumn(ScalarColumn):
    """Decimals of a fixed scale, held exactly."""

    kind: Number

    @property
    def dtype(self) -> pl.DataType:
        return pl.Decimal(precision=18, scale=self.kind.scale)

    def ways(self) -> Sequence[Way]:
        return self._plain, self._grouped

    def store(self, value: Any) -> Any:
        return value

    def _decimals(self, signs: str) -> str:
        return rf"({signs}[0-9]{{1,{self.kind.scale}}})?" if self.kind.scale else ""

    def _plain(self, text: pl.Expr) -> pl.Expr:
        certain = text.str.contains(rf"^-?[0-9]{{1,12}}{self._decimals('[.]')}$")
        return pl.when(certain).then(text).cast(self.dtype, strict=False)

    def _grouped(self, text: pl.Expr) -> pl.Expr:
        shape = rf"^-?([0-9]{{1,3}}({_GROUPS}[0-9]{{3}}){{1,3}}|[0-9]{{1,12}}){self._decimals('[.,]')}$"
        bare = text.str.replace_all(_GROUPS, "").str.replace(",", ".", literal=True)
        return pl.when(text.str.contains(shape)).then(bare).cast(self.dtype, strict=False)

    def within(self, value: pl.Expr) -> pl.Expr:
        low, high = (pl.lit(limit, dtype=self.dtype) for limit in (self.kind.minimum, self.kind.maximum))
        return pl.when(value.is_between(low, high)).then(value)


class IntegerColumn(ScalarColumn):
    """Whole numbers."""

    kind: Integer

    @property
    def dtype(self) -> pl.DataType:
        return pl.Int64()

    def ways(self) -> Sequence[Way]:
        return (self._plain,)

    def store(self, value: Any) -> Any:
        return value

    def _plain(self, text: pl.Expr) -> pl.Expr:
        certain = text.str.contains(r"^-?[0-9]{1,15}(\.0)?$")
        return pl.when(certain).then(text.str.strip_suffix(".0")).cast(pl.Int64, strict=False)

    def within(self, value: pl.Expr) -> pl.Expr:
        return pl.when(value.is_between(self.kind.minimum, self.kind.maximum)).then(value)


class YearColumn(ScalarColumn):
    """Calendar years."""

    kind: Year

    @property
    def dtype(self) -> pl.DataType:
        return pl.Int16()

    def ways(self) -> Sequence[Way]:
        return (self._plain,)

    def store(self, value: Any) -> Any:
        return value

    def _plain(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains("^[0-9]{4}$")).then(text).cast(pl.Int16, strict=False)

    def within(self, value: pl.Expr) -> pl.Expr:
        return pl.when(value.is_between(self.kind.earliest, self.kind.latest)).then(value)


class DateColumn(ScalarColumn):
    """Days, as text in the usual forms or as a spreadsheet's day number."""

    kind: Date

    @property
    def dtype(self) -> pl.DataType:
        return pl.Date()

    def ways(self) -> Sequence[Way]:
        return self._iso, self._day_first, self._midnight, self._serial

    def store(self, value: Any) -> Any:
        return value

    def _iso(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains(_ISO)).then(text).str.to_date("%Y-%m-%d", strict=False)

    def _day_first(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains(_DAY_FIRST)).then(text).str.to_date("%d.%m.%Y", strict=False)

    def _midnight(self, text: pl.Expr) -> pl.Expr:
        day = pl.when(text.str.contains(_ISO_MIDNIGHT)).then(text.str.slice(0, 10))
        return day.str.to_date("%Y-%m-%d", strict=False)

    def _serial(self, text: pl.Expr) -> pl.Expr:
        number = pl.when(text.str.contains(_SERIAL)).then(text.str.slice(0, 5)).cast(pl.Int32, strict=False)
        return pl.lit(SERIAL_ORIGIN) + pl.duration(days=number)

    def within(self, value: pl.Expr) -> pl.Expr:
        return pl.when(value.is_between(pl.lit(self.kind.earliest), pl.lit(self.kind.latest))).then(value)


class ChoiceColumn(ScalarColumn):
    """A value from a list, written as it is kept."""

    kind: Choice

    def ways(self) -> Sequence[Way]:
        return (self._exact,)

    def _exact(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.is_in(list(self.kind.choices))).then(text)


class BooleanColumn(ScalarColumn):
    """Yes or no."""

    @property
    def dtype(self) -> pl.DataType:
        return pl.Boolean()

    def store(self, value: Any) -> Any:
        return value


def column_of(kind: Kind[Any]) -> ScalarColumn:
    """Return the polars side of a kind, wherever its jurisdiction keeps it."""
    module, _, name = kind.column.partition(":")
    return cast("ScalarColumn", getattr(import_module(module), name)(kind))
