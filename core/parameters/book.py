"""Looks figures up by jurisdiction, key and day; a caisse's own values come before the general ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import RelaisError
from core.parameters.records import Parameter, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from tenants.reference import CaisseRef

    Own = Callable[[CaisseRef], Iterable[Parameter]]

# The unit of a value such as ``01-30``; all others are numbers.
DAY_OF_YEAR = "day_of_year"

_general: dict[str, tuple[Parameter, ...]] = {}
_own: list[Own] = []


class ParameterMissing(RelaisError):
    """The figure "%(key)s" is not known for %(day)s. It has to be recorded before this can be computed."""

    code = "parameter_missing"
    status = 422


def register_file(jurisdiction: str, path: Path) -> None:
    """Read a jurisdiction's figures; registering it again replaces them."""
    _general[jurisdiction] = tuple(read_file(jurisdiction, path))


def register_own_values(own: Own) -> None:
    """Let a higher rung give the values that a caisse sets for itself, without a query."""
    _own.append(own)


def list_parameters(
    jurisdiction: str, *, keys: Iterable[str] | None = None, caisse: CaisseRef | None = None
) -> list[Parameter]:
    """Return all values of the keys (of all keys, if none are named), a caisse's own ones first."""
    wanted = None if keys is None else frozenset(keys)
    own = [one for source in _own for one in source(caisse)] if caisse else []
    everything = [one for one in (*own, *_general.get(jurisdiction, ())) if one.jurisdiction == jurisdiction]
    return [one for one in everything if wanted is None or one.key in wanted]


def list_units() -> dict[str, str]:
    """Return every key that any jurisdiction knows, with its unit."""
    return {one.key: one.unit for known in _general.values() for one in known}


def find_parameter(jurisdiction: str, key: str, on: date, *, caisse: CaisseRef | None = None) -> Parameter | None:
    """Return the value that holds on a day, or None where none is recorded."""
    known = list_parameters(jurisdiction, keys=[key], caisse=caisse)
    return next((one for one in known if one.is_valid_on(on)), None)


def get_parameter(jurisdiction: str, key: str, on: date, *, caisse: CaisseRef | None = None) -> Parameter:
    """Return the value that holds on a day; raises ``parameter_missing``."""
    found = find_parameter(jurisdiction, key, on, caisse=caisse)
    if found is None:
        raise ParameterMissing(key=key, day=on.isoformat())
    return found


def snapshot(
    jurisdiction: str, *, keys: Iterable[str] | None = None, caisse: CaisseRef | None = None
) -> list[dict[str, str | bool | None]]:
    """Return values as plain data for the rules of another process; the first that holds on a day counts."""
    return [one.to_plain() for one in list_parameters(jurisdiction, keys=keys, caisse=caisse)]
