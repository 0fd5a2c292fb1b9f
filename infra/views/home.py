"""Find my caisse: the platform's root page, and the root of a host that several caisses share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render

from core.web.policies import public
from tenants import hosts
from tenants.portal import portal_url

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_NO_DIGIT = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class Entry:
    """One caisse as the page shows it."""

    name: str
    number: str
    place: str
    address: str


@public
def show(request: HttpRequest) -> HttpResponse:
    """List the caisses whose number, name, postcode or place fits what was typed; all of them when nothing was."""
    query = request.GET.get("q", "").strip()[:100]
    known = hosts.list_entries(host=request.get_host().partition(":")[0].lower())
    found = sorted((entry for entry in known if _fits(entry, query)), key=lambda entry: _folded(entry.name))
    entries = [
        Entry(entry.name, entry.number, f"{entry.postcode} {entry.town}".strip(), f"{portal_url(entry.ref)}/")
        for entry in found
    ]
    return render(request, "infra/home.html", {"entries": entries, "query": query})


def _fits(entry: hosts.Entry, query: str) -> bool:
    """Whether every word of the query stands somewhere; a number also without its points and leading zeros."""
    words = _folded(f"{entry.ref.slug} {entry.name} {entry.number} {entry.postcode} {entry.town}")
    if all(word in words for word in _folded(query).split()):
        return True
    digits = _plain_number(query)
    return bool(digits) and not re.search("[a-z]", _folded(query)) and _plain_number(entry.number).startswith(digits)


def _plain_number(text: str) -> str:
    return _NO_DIGIT.sub("", text).lstrip("0")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.casefold().strip()
