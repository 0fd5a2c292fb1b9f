"""The polars side of the Swiss kinds. Only the parsing child imports this."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from core.declare.columns import ScalarColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.declare.columns import Way

CERTAIN = r"^(756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}|756[0-9]{10}(\.0)?)$"
GROUP = 10_000
PREFIX_WEIGHT = 7 * 1 + 5 * 3 + 6 * 1


class AvsColumn(ScalarColumn):
    """OASI numbers: as groups, as 13 digits, or as a spreadsheet's number."""

    def ways(self) -> Sequence[Way]:
        return (self._digits,)

    def _digits(self, text: pl.Expr) -> pl.Expr:
        bare = text.str.strip_suffix(".0").str.replace_all(".", "", literal=True)
        return pl.when(text.str.contains(CERTAIN)).then(bare)

    def within(self, value: pl.Expr) -> pl.Expr:
        return pl.when(check_digit_fits(value.cast(pl.Int64, strict=False))).then(value)


def check_digit_fits(number: pl.Expr) -> pl.Expr:
    """Whether an integer of 13 digits that begins with 756 ends in its EAN-13 check digit."""
    weights = pl.lit(_group_weights())
    middle, last = number // 1_000_000 % GROUP, number // 100 % GROUP
    tail = number // 10 % 10 * 3 + number % 10
    return (PREFIX_WEIGHT + weights.gather(middle) + weights.gather(last) + tail) % 10 == 0


@cache
def _group_weights() -> pl.Series:
    """The weighted sum of each group of four digits: places 3 to 6 and 7 to 10 weigh 3, 1, 3, 1."""
    groups = pl.int_range(0, GROUP, eager=True)
    return (groups // 1000 * 3 + groups // 100 % 10 + groups // 10 % 10 * 3 + groups % 10).cast(pl.Int64)
