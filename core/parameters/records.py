"""A dated figure, and how it is read from a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of one key, valid from the first to the last day, both included; open ends are None.

    ``value`` is text as it stands in the source: a figure, or a day of the year such as ``01-30``.
    ``to_confirm`` says that the value was not verified against its source and must be shown so.
    """

    jurisdiction: str
    key: str
    valid_from: date | None
    valid_to: date | None
    value: str
    source: str
    unit: str = ""
    to_confirm: bool = False

    @property
    def number(self) -> Decimal:
        """The value as an exact number."""
        return Decimal(self.value)

    def is_valid_on(self, day: date) -> bool:
        """Whether the value holds on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def to_plain(self) -> dict[str, str | bool | None]:
        """Return plain data for another process: ISO days, open ends null, the value as text."""
        return {
            "key": self.key,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "value": self.value,
            "unit": self.unit,
            "source": self.source,
            "to_confirm": self.to_confirm,
        }


def read_file(jurisdiction: str, path: Path) -> list[Parameter]:
    """Read ``[[parameter]]`` tables with ``key``, ``unit`` and ``values``; see the files of the jurisdictions.

    Raises ``ValueError`` where two values of a key hold on the same day.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["parameter"]
    found = [one for table in tables for one in _values(jurisdiction, table)]
    for first, second in pairwise(found):
        if first.key == second.key and (first.valid_to or date.max) >= (second.valid_from or date.min):
            message = f"{path.name}: values of {first.key} overlap or are not in order of their dates"
            raise ValueError(message)
    return found


def _values(jurisdiction: str, table: dict[str, Any]) -> Iterator[Parameter]:
    for value in table["values"]:
        yield Parameter(
            jurisdiction=jurisdiction,
            key=table["key"],
            valid_from=value.get("from"),
            valid_to=value.get("to"),
            value=str(value["value"]),
            source=value["source"],
            unit=table.get("unit", ""),
            to_confirm=value.get("to_confirm", False),
        )
