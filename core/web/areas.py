"""Areas of the portal: groups of pages with a menu of their own, to which rooms add theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from core.kernel.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class AreaPage:
    """A page of an area; the texts are marked.

    ``name`` is that of its address, which takes the area's arguments and no others; pages beneath it have
    names that begin with it and a low line, so that the menu knows where one is. With ``kinds`` it is in the menu
    of such parties alone. A company's page that is ``own_only`` is shown to its own people, not to those of
    another company that acts for it. With ``offered`` it is in the menu only where the caisse has what it is about;
    that is asked of memory, not of the database. ``group`` is the heading under which it stands, where there are any.
    """

    name: str
    title: str
    help: str
    order: int = 50
    administrators_only: bool = False
    kinds: frozenset[str] | None = None
    own_only: bool = False
    offered: Callable[[CaisseRef], bool] | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """A page in the menu, in the reader's language."""

    label: str
    help: str
    url: str
    is_here: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """The pages under one heading, in the reader's language; ``key`` marks the heading on the area's first page."""

    key: str
    title: str
    entries: tuple[AreaEntry, ...]

    @property
    def is_here(self) -> bool:
        """Whether the reader is on one of them."""
        return any(one.is_here for one in self.entries)


PERSONS = frozenset({"insured", "self_employed"})


def name_company_area(kind: str) -> str:
    """Return what the area about a party is called: a person is no company."""
    return gettext("Access and mandates") if kind in PERSONS else gettext("Company and access")


# The headings of the pages about a company, in their order.
USERS = N_("Users and themes")
ACTING = N_("Mandates and acts")
WITH_CAISSE = N_("With the caisse")
_GROUPS = {"users": USERS, "acting": ACTING, "caisse": WITH_CAISSE}


def group_entries(entries: Sequence[AreaEntry]) -> list[AreaGroup]:
    """Return entries under their headings; a heading without any is left out."""
    found = {key: tuple(one for one in entries if one.group == title) for key, title in _GROUPS.items()}
    return [AreaGroup(key, gettext(_GROUPS[key]), listed) for key, listed in found.items() if listed]


class Area:
    """The pages that rooms have added."""

    def __init__(self) -> None:
        self._pages: dict[str, AreaPage] = {}

    def add_page(self, page: AreaPage) -> None:
        """Add a page to the menu; done where its addresses are declared, repeating it is harmless."""
        if self._pages.setdefault(page.name, page) != page:
            message = f"the page {page.name!r} is declared twice"
            raise ValueError(message)

    def list_entries(
        self,
        *,
        here: str,
        args: Sequence[object] = (),
        administrator: bool = False,
        kind: str = "",
        own: bool = True,
        caisse: CaisseRef | None = None,
    ) -> list[AreaEntry]:
        """Return what a reader sees, in order; ``here`` names the address shown, ``args`` is the area's own."""
        fitting = [page for page in self._pages.values() if page.kinds is None or kind in page.kinds]
        allowed = [page for page in fitting if administrator or not page.administrators_only]
        shown = [page for page in allowed if (own or not page.own_only) and _is_offered(page, caisse)]
        return [_describe(page, here, args) for page in sorted(shown, key=lambda one: (one.order, one.name))]


def _is_offered(page: AreaPage, caisse: CaisseRef | None) -> bool:
    return page.offered is None or (caisse is not None and page.offered(caisse))


def _describe(page: AreaPage, here: str, args: Sequence[object]) -> AreaEntry:
    is_here = here == page.name or here.startswith(f"{page.name}_")
    return AreaEntry(gettext(page.title), gettext(page.help), reverse(page.name, args=args), is_here, page.group)


MINE = Area()
"""What belongs to a person herself, whatever her roles: under /me/."""
COMPANY = Area()
"""What belongs to the party for whom one acts, and to the company that acts: under /p/<party>/company/."""
