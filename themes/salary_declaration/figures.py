"""The dated figures that the rules of a salary declaration need, for one accounting year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Keys in core.parameters under the jurisdiction "ch".
DUTY_AFTER_BIRTHDAY = "ahv.duty_after_birthday"
MINOR_WAGE = "ahv.minor_wage_year"
ALLOWANCE_MONTH = "ahv.pensioner_allowance_month"
CEILING_YEAR = "alv.ceiling_year"
SOLIDARITY_PERCENT = "alv.solidarity_percent"
# These two are valid by the date of birth, not by the accounting year.
REFERENCE_AGE_MEN = "ahv.reference_age_months.men"
REFERENCE_AGE_WOMEN = "ahv.reference_age_months.women"
BY_YEAR = (DUTY_AFTER_BIRTHDAY, MINOR_WAGE, ALLOWANCE_MONTH, CEILING_YEAR, SOLIDARITY_PERCENT)
BY_BIRTH = (REFERENCE_AGE_MEN, REFERENCE_AGE_WOMEN)


@dataclass(frozen=True, slots=True)
class AgeStep:
    """For births from ``first`` to ``last`` the reference age is reached after ``months``."""

    first: date
    last: date
    months: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Amounts in whole cents; ``None`` where no figure is known for the year, which a finding tells."""

    year: int
    duty_after_birthday: int | None
    minor_wage: int | None
    allowance_month: int | None
    ceiling_year: int | None
    solidarity_percent: Decimal | None
    ages: Mapping[str, tuple[AgeStep, ...]]
    missing: tuple[str, ...]


def figures_of(snapshot: Sequence[Mapping[str, Any]], year: int) -> Figures:
    """Return the figures of a year from records ``key, valid_from, valid_to, value`` (ISO days, open ends null)."""
    found = {key: _valid_at(snapshot, key, date(year, 1, 1)) for key in BY_YEAR}
    ages = {sex: _steps(snapshot, key) for sex, key in (("M", REFERENCE_AGE_MEN), ("F", REFERENCE_AGE_WOMEN))}
    missing = [key for key, value in found.items() if value is None]
    missing += [key for key, sex in zip(BY_BIRTH, ("M", "F"), strict=True) if not ages[sex]]
    birthday = found[DUTY_AFTER_BIRTHDAY]
    return Figures(
        year=year,
        duty_after_birthday=None if birthday is None else int(birthday),
        minor_wage=_cents(found[MINOR_WAGE]),
        allowance_month=_cents(found[ALLOWANCE_MONTH]),
        ceiling_year=_cents(found[CEILING_YEAR]),
        solidarity_percent=found[SOLIDARITY_PERCENT],
        ages=ages,
        missing=tuple(missing),
    )


def _valid_at(snapshot: Sequence[Mapping[str, Any]], key: str, day: date) -> Decimal | None:
    for record in snapshot:
        if record["key"] == key and _first(record) <= day <= _last(record):
            return Decimal(str(record["value"]))
    return None


def _steps(snapshot: Sequence[Mapping[str, Any]], key: str) -> tuple[AgeStep, ...]:
    records = [record for record in snapshot if record["key"] == key]
    return tuple(AgeStep(_first(record), _last(record), int(record["value"])) for record in records)


def _first(record: Mapping[str, Any]) -> date:
    return date.fromisoformat(record["valid_from"]) if record.get("valid_from") else date.min


def _last(record: Mapping[str, Any]) -> date:
    return date.fromisoformat(record["valid_to"]) if record.get("valid_to") else date.max


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)
