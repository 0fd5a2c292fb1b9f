"""How the number of an insured person is read in each country; the jurisdictions say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_readers: dict[str, Callable[[str], str | None]] = {}


def register_person_number(jurisdiction: str, read: Callable[[str], str | None]) -> None:
    """Say how the number is read in a country; repeating it is harmless.

    ``read`` returns the canonical form, or nothing for what is no such number.
    """
    _readers[jurisdiction] = read


def read_person_number(jurisdiction: str, typed: str) -> str | None:
    """Return the number in its one form; nothing for what is none, or where no country says what one is."""
    read = _readers.get(jurisdiction)
    return read(typed) if read else None
