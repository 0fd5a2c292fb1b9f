"""What the console shows and under which heading: the sections, and pages that other rooms add."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from core.configuration.registry import GENERAL as SECTIONS_GENERAL
from core.configuration.registry import GROUPS, list_sections
from core.kernel.text import N_
from core.web.console.synonyms import SYNONYMS

if TYPE_CHECKING:
    from core.configuration.registry import Section

PEOPLE = N_("People and support")
OPERATION = N_("Operation")
_ORDER = (*GROUPS, PEOPLE, OPERATION)


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """A page of the console that is no section; all texts are marked, ``synonyms`` is for the search only.

    ``name`` is that of its address, which takes no argument; pages beneath it have names that begin
    with it and a low line, so that the menu knows where one is.
    """

    name: str
    title: str
    help: str
    group: str
    order: int = 50
    synonyms: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One section or page in the menu, in the reader's language."""

    key: str
    label: str
    help: str
    url: str
    synonyms: str = field(default="", repr=False)

    def is_here(self, url_name: str, section: str) -> bool:
        """Whether the reader is on it, or on a page beneath it."""
        return section == self.key if section else url_name == self.key or url_name.startswith(f"{self.key}_")


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    title: str
    entries: tuple[Entry, ...]


_pages: dict[str, ConsolePage] = {}


def add_page(page: ConsolePage) -> None:
    """Add a page to the menu and to the search; done where its addresses are declared."""
    if _pages.setdefault(page.name, page) != page:
        message = f"the console's page {page.name!r} is declared twice"
        raise ValueError(message)


def list_shown() -> list[type[Section]]:
    """Return the sections that the console offers."""
    return [kind for kind in list_sections() if getattr(kind, "console", True)]


def describe(kind: type[Section]) -> Entry:
    """Return a section in the reader's language."""
    help_text = getattr(kind, "help", "") or kind.__doc__ or ""
    synonyms = SYNONYMS.get(kind.key, "")
    url = reverse("console_section", args=[kind.key])
    return Entry(kind.key, gettext(kind.title), gettext(help_text), url, gettext(synonyms) if synonyms else "")


def list_pages() -> list[Entry]:
    """Return the pages that are no sections, by group and order."""
    return [_describe_page(page) for page in sorted(_pages.values(), key=lambda one: (_place(one.group), one.order))]


def _describe_page(page: ConsolePage) -> Entry:
    synonyms = gettext(page.synonyms) if page.synonyms else ""
    return Entry(page.name, gettext(page.title), gettext(page.help), reverse(page.name), synonyms)


def list_groups() -> list[Group]:
    """Return sections and pages by group: the groups of the sections first, pages after the sections."""
    groups: dict[str, list[Entry]] = {group: [] for group in _ORDER}
    for kind in list_shown():
        groups.setdefault(getattr(kind, "group", "") or SECTIONS_GENERAL, []).append(describe(kind))
    for page in sorted(_pages.values(), key=lambda one: one.order):
        groups.setdefault(page.group, []).append(_describe_page(page))
    return [Group(gettext(title), tuple(entries)) for title, entries in groups.items() if entries]


def _place(group: str) -> int:
    return _ORDER.index(group) if group in _ORDER else len(_ORDER)
