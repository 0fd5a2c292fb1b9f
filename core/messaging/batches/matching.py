"""Whose a file is: numbers of clients as a file states them, or as its name and its folders show them; plain Python."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

K = TypeVar("K", bound="Hashable")
_PIECES = re.compile(r"[0-9]+|[A-Za-z]+")
# A shorter number would be found in years, dates and versions.
SHORTEST_IN_NAME = 4
MOST_PIECES = 8


@dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """Who was found, by what, and the number that was read; several or nobody is said too."""

    found: frozenset[K] = frozenset()
    by: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(slots=True)
class NumberBook(Generic[K]):
    """The numbers of all clients of a user, however they are written."""

    _known: dict[str, set[K]] = field(default_factory=dict)

    def add(self, key: K, numbers: Iterable[str]) -> None:
        """Let a client be found by these numbers."""
        for number in filter(None, map(plain, numbers)):
            self._known.setdefault(number, set()).add(key)

    def find(self, number: str) -> frozenset[K]:
        """Return who bears a number."""
        return frozenset(self._known.get(plain(number), ()))

    def match(self, name: str, owners: Iterable[str]) -> Match[K]:
        """Return whose a file is by the numbers in it, else by its name, else by the folder next to it."""
        stated = tuple(owners)
        if stated:
            return Match(frozenset().union(*map(self.find, stated)), "content", stated)
        parts = [part for part in name.replace("\\", "/").split("/") if part]
        for place, part in enumerate(reversed(parts)):
            named = self._within(part)
            if named:
                found = frozenset().union(*map(self.find, named))
                return Match(found, "folder" if place else "name", tuple(named))
        return Match()

    def _within(self, text: str) -> list[str]:
        """Return the numbers of clients that stand in a name, the longest ones, from left to right."""
        pieces, found, start = _PIECES.findall(text), [], 0
        while start < len(pieces):
            length = next((n for n in range(MOST_PIECES, 0, -1) if self._is_number(pieces[start : start + n], n)), 0)
            if length:
                found.append("".join(pieces[start : start + length]))
            start += length or 1
        return list(dict.fromkeys(found))

    def _is_number(self, pieces: list[str], length: int) -> bool:
        joined = "".join(pieces)
        return len(pieces) == length and len(joined) >= SHORTEST_IN_NAME and plain(joined) in self._known


def plain(number: str) -> str:
    """Return a number without what people put between its characters."""
    return "".join(_PIECES.findall(number)).upper()
