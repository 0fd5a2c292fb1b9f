"""What a form about one of the caisse's people sends: roles, themes, days, the address of a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from core.accounts.invitations.errors import DatesNotValid
from core.accounts.policy import caisse_today
from core.accounts.staff.services import Wish

if TYPE_CHECKING:
    from django.http import QueryDict

    from core.web.requests import PortalRequest

NAMED = "named"


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """Roles, themes and days as they were entered."""

    roles: list[str]
    themes: list[str] | None
    valid_from: date
    valid_until: date | None

    def as_wish(self, seen: str) -> Wish:
        """Return it for the service that changes a place."""
        return Wish(self.roles, self.themes, self.valid_from, self.valid_until, seen)


def read_place(request: PortalRequest) -> PlaceEntry:
    """Return what was entered; raises ``dates_not_valid`` for what is no day."""
    posted = request.POST
    themes = posted.getlist("theme") if posted.get("scope") == NAMED else None
    first = _read_day(posted.get("from", ""))
    return PlaceEntry(
        posted.getlist("role"), themes, first or caisse_today(request.caisse), _read_day(posted.get("until", ""))
    )


def read_way(posted: QueryDict) -> Literal["mail", "letter"]:
    """Return by what an invitation goes."""
    return "letter" if posted.get("by") == "letter" else "mail"


def read_address(posted: QueryDict) -> list[str]:
    """Return the lines of an address that were filled in."""
    lines = (posted.get(name, "").strip() for name in ("extra", "street", "place"))
    return [line for line in lines if line]


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DatesNotValid from error
