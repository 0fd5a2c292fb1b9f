"""Which sections the console shows, and under which heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.configuration.registry import list_sections
from core.kernel.text import N_

if TYPE_CHECKING:
    from core.configuration.registry import Section

GENERAL = N_("General")


@dataclass(frozen=True, slots=True)
class Entry:
    """One section in the menu."""

    key: str
    label: str
    help: str


@dataclass(frozen=True, slots=True)
class Group:
    """Sections under one heading."""

    title: str
    sections: tuple[Entry, ...]


def list_shown() -> list[type[Section]]:
    """Return the sections that the console offers."""
    return [kind for kind in list_sections() if getattr(kind, "console", True)]


def describe(kind: type[Section]) -> Entry:
    """Return a section in the reader's language."""
    help_text = getattr(kind, "help", "") or kind.__doc__ or ""
    return Entry(kind.key, gettext(kind.title), gettext(help_text))


def list_groups() -> list[Group]:
    """Return the sections by group, in the order of the registry."""
    groups: dict[str, list[Entry]] = {}
    for kind in list_shown():
        groups.setdefault(gettext(getattr(kind, "group", "") or GENERAL), []).append(describe(kind))
    return [Group(title, tuple(entries)) for title, entries in groups.items()]
