"""The platform's root page: find my caisse."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render

from core.configuration import configuration
from core.configuration.sections import ContactSection
from core.web.policies import public
from tenants import hosts
from tenants.portal import portal_url

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Entry:
    """One caisse as the page shows it."""

    slug: str
    name: str
    town: str
    address: str

    @property
    def words(self) -> tuple[str, str, str]:
        """What a search looks at."""
        return self.slug, self.name, self.town


@public
def show(request: HttpRequest) -> HttpResponse:
    """List the caisses whose number, name or place fits what was typed; all of them when nothing was."""
    query = request.GET.get("q", "")
    entries = [entry for entry in _list_entries() if _folded(query) in _folded(" ".join(entry.words))]
    return render(request, "infra/home.html", {"entries": entries, "query": query})


def _list_entries() -> list[Entry]:
    entries = [
        Entry(
            slug=entry.ref.slug,
            name=entry.name,
            town=configuration.get(entry.ref, ContactSection).town,
            address=f"{portal_url(entry.ref)}/",
        )
        for entry in hosts.list_entries()
    ]
    return sorted(entries, key=lambda entry: _folded(entry.name))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.casefold().strip()
