"""Choosing for whom one acts: the menu of the frame, and the page that searches all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from core.accounts.clients import list_clients
from core.accounts.seats import list_seats
from core.messaging.selectors import count_inbox_of_seats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from core.accounts.models import Party
    from core.web.requests import PortalRequest

# As many as a menu shows; whoever acts for more searches among them.
FEW = 8


@dataclass(frozen=True, slots=True)
class SeatLink:
    """A party in the switcher."""

    name: str
    number: str
    url: str
    current: bool
    inbox: int


def list_in_menu(request: PortalRequest, limit: int, search: str = "") -> tuple[list[SeatLink], bool]:
    """Return the first parties for whom the reader may act and whether there are more; three queries at any number."""
    user = request.identity.user
    if user is None:
        return [], False
    page = list_clients(user.id, search=search, limit=limit)
    return link_parties(request, user.id, page.rows), bool(page.after)


def link_parties(request: PortalRequest, user_id: UUID, parties: Sequence[Party]) -> list[SeatLink]:
    """Return links for some parties, each with what waits in its Inbox; two queries."""
    seats = list_seats(user_id, party_ids=[one.id for one in parties])
    usable, inbox = {seat.party.id for seat in seats}, count_inbox_of_seats(seats)
    here = getattr(getattr(request, "actor", None), "party_id", None)
    return [
        SeatLink(one.name, one.number, reverse("party_dashboard", args=[one.id]), one.id == here, inbox.get(one.id, 0))
        for one in parties
        if one.id in usable
    ]
