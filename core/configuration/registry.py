"""The registry of sections: higher rungs add theirs, and checks of those that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Section(BaseModel):
    """One block of the configuration. ``key`` is its name in the file, ``title`` its heading there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: ClassVar[str]
    title: ClassVar[str]


S = TypeVar("S", bound=Section)
_sections: dict[str, type[Section]] = {}
_checks: dict[str, list[Callable[[Section], Iterable[str]]]] = {}


def register(section: type[Section]) -> type[Section]:
    """Add a section to the configuration; a key may be used once."""
    if _sections.get(section.key, section) is not section:
        message = f"section {section.key!r} is declared twice"
        raise ValueError(message)
    _sections[section.key] = section
    return section


def add_check(section: type[S], check: Callable[[S], Iterable[str]]) -> None:
    """Let a higher rung look at a section before it is applied; each text names key and reason.

    It is not asked about what is stored already.
    """
    _checks.setdefault(section.key, []).append(cast("Callable[[Section], Iterable[str]]", check))


def list_faults(section: Section) -> list[str]:
    """Return what the higher rungs have to say against a section."""
    return [fault for check in _checks.get(section.key, []) for fault in check(section)]


def list_sections() -> list[type[Section]]:
    """Return all sections in the order in which they were declared."""
    return list(_sections.values())


def find_section(key: str) -> type[Section] | None:
    """Return the section of a key."""
    return _sections.get(key)
