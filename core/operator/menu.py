"""What the console's menu shows: pages that this and other rooms add."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from core.kernel.text import N_
from core.web.links import Link

PLATFORM, PEOPLE = N_("Platform"), N_("Operators and traces")
GROUPS = (PLATFORM, PEOPLE)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One page. ``name`` is that of its address, which takes no argument.

    Pages beneath it have names that begin with it and a low line, or stand in ``beneath``.
    """

    name: str
    label: str
    group: str = PLATFORM
    order: int = 50
    beneath: tuple[str, ...] = ()

    def is_here(self, url_name: str) -> bool:
        """Whether the reader is on it or beneath it."""
        return url_name == self.name or url_name.startswith((f"{self.name}_", *self.beneath))


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Links under one heading."""

    title: str
    links: tuple[Link, ...]


_entries: dict[str, MenuEntry] = {}


def add_entry(entry: MenuEntry) -> None:
    """Add a page to the menu; done where its addresses are declared."""
    if _entries.setdefault(entry.name, entry) != entry:
        message = f"the console's page {entry.name!r} is declared twice"
        raise ValueError(message)


def list_groups(url_name: str) -> list[MenuGroup]:
    """Return the menu in the reader's language, in order; one group knows where the reader is."""
    ordered = sorted(_entries.values(), key=lambda one: one.order)
    # Of two entries above a page the nearer one is marked: the one with the longer name.
    here = max((one for one in ordered if one.is_here(url_name)), key=lambda one: len(one.name), default=None)
    groups = [
        MenuGroup(gettext(group), tuple(_link(one, current=one == here) for one in ordered if one.group == group))
        for group in GROUPS
    ]
    return [group for group in groups if group.links]


def _link(entry: MenuEntry, *, current: bool) -> Link:
    return Link(gettext(entry.label), reverse(entry.name), current=current)
