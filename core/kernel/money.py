"""Amounts: decimal, with a currency, rounded the way social insurance does."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217); adding two currencies is an error."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            message = f"cannot add {other.currency} to {self.currency}"
            raise ValueError(message)
        return Money(self.amount + other.amount, self.currency)


def round_cents(amount: Decimal) -> Decimal:
    """Round half up to hundredths."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def round_to_step(amount: Decimal, step: Decimal = Decimal("0.05")) -> Decimal:
    """Round half up to the nearest step; the Swiss practice for contributions is 0.05."""
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
