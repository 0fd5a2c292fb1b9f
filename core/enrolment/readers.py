"""How each jurisdiction reads the numbers of companies and of persons; they say so themselves when they start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.declare.kinds import Kind


@dataclass(frozen=True, slots=True)
class Numbers:
    """The kinds of number of one jurisdiction; asked when they are needed, since they are slow to import."""

    company: Callable[[], type[Kind[Any]]]
    person: Callable[[], type[Kind[Any]]]


_known: dict[str, Numbers] = {}


def register(
    jurisdiction: str, *, company: Callable[[], type[Kind[Any]]], person: Callable[[], type[Kind[Any]]]
) -> None:
    """Say how a jurisdiction reads its numbers."""
    _known[jurisdiction] = Numbers(company, person)


def find_numbers(jurisdiction: str) -> Numbers | None:
    """Return the kinds of a jurisdiction; None where nobody said."""
    return _known.get(jurisdiction)
