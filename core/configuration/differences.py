"""Two states of a section, compared in words that an operator can read in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.configuration.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.configuration.registry import Section

_LONGEST = 60
EMPTY: tuple[Any, ...] = ("", None, {}, [])


def describe_differences(before: Mapping[str, Section], after: Iterable[Section]) -> list[str]:
    """Return what setting ``after`` would change, a line for each field; no line, no change."""
    return [line for section in after for line in _of_section(before[section.key], section)]


def _of_section(old: Section, new: Section) -> Iterator[str]:
    olds, news = old.model_dump(mode="json"), new.model_dump(mode="json")
    for name, value in news.items():
        if isinstance(getattr(new, name), Secret):
            yield from _of_secret(f"[{new.key}] {name}", getattr(old, name), getattr(new, name))
        elif olds[name] != value:
            yield f"[{new.key}] {name} {_change(olds[name], value)}"


def _of_secret(place: str, old: Secret, new: Secret) -> Iterator[str]:
    if old == new or (new.keeps and old.is_set):
        return
    yield f"{place} {'is no longer set' if not new.is_set else 'is changed' if old.is_set else 'is set'}"


def _change(old: Any, new: Any) -> str:
    if isinstance(old, list) and isinstance(new, list):
        return _list_change(old, new)
    if new in EMPTY:
        return f"is emptied; it was {_shown(old)}"
    if old in EMPTY:
        return f"is set to {_shown(new)}"
    return f"changes from {_shown(old)} to {_shown(new)}"


def _list_change(old: list[Any], new: list[Any]) -> str:
    removed = [f"loses {_shown(one)}" for one in old if one not in new]
    added = [f"gains {_shown(one)}" for one in new if one not in old]
    return ", ".join([*removed, *added]) or "changes its order"


def _shown(value: Any) -> str:
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"a text of {len(value)} characters"
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {_shown(one)}" for name, one in value.items() if one not in EMPTY) + ")"
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f'"{value}"' if isinstance(value, str) else str(value)
