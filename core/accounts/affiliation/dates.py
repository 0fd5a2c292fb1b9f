"""When an end takes effect: pure rules over dates; the readings of the terms are the caisse's to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.kernel.periods import add_months

RenunciationRule = Literal["month_after_receipt", "within_a_month", "at_once"]


@dataclass(frozen=True, slots=True)
class Days:
    """``effect``: the first day on which one reads only; ``end``: the first on which there is nothing."""

    effect: date
    end: date


def renunciation_day(received: date, rule: RenunciationRule) -> date:
    """Return when a renunciation that arrived on a day takes effect.

    ``month_after_receipt``: what the terms give the caisse lapses in the month after the receipt, read as its first
    day. ``within_a_month``: a month after the receipt at the latest, read as that very day. Both to confirm.
    """
    if rule == "month_after_receipt":
        return add_months(received.replace(day=1), 1)
    return add_months(received, 1) if rule == "within_a_month" else received


def renounce_on(
    received: date, today: date, rule: RenunciationRule, read_only_months: int, *, year_ends: date | None = None
) -> Days:
    """Return the days of a renunciation; what would lie in the past holds from today.

    ``year_ends`` is the last day of the year of the agreement in which it was received: no further one begins.
    """
    effect = renunciation_day(received, rule)
    if year_ends is not None:
        effect = min(effect, year_ends + timedelta(days=1))
    effect = max(effect, today)
    return Days(effect, add_months(effect, read_only_months))


def leave_after(last_day: date, read_only_months: int) -> Days:
    """Return the days after an affiliation's last one."""
    effect = last_day + timedelta(days=1)
    return Days(effect, add_months(effect, read_only_months))
