"""What a form about a user of a company sends: role, themes, clients, days, the way of a code."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext

from core.accounts.invitations.errors import DatesNotValid
from core.accounts.memberships.place import check_member_place
from core.accounts.memberships.wording import ACTS, ROLE_HELPS, ROLES
from core.accounts.policy import caisse_today

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict

    from core.accounts.memberships.place import MemberPlace
    from core.web.requests import PortalRequest

NAMED = "named"


def read_place(request: PortalRequest, themes: Collection[str], clients: Collection[str]) -> MemberPlace:
    """Return what was entered, held to the themes and clients that the page offered; raises what is wrong with it."""
    posted = request.POST
    return check_member_place(
        role=posted.get("role", ""),
        themes=[one for one in posted.getlist("theme") if one in themes] if posted.get("scope") == NAMED else None,
        clients=read_ids(posted.getlist("client"), clients) if posted.get("client_scope") == NAMED else None,
        may_act=posted.get("acts", "act") != "read",
        valid_from=read_day(posted.get("from", "")) or caisse_today(request.caisse),
        valid_until=read_day(posted.get("until", "")),
    )


def describe_place(place: MemberPlace | None, posted: QueryDict | None, today: date) -> dict[str, Any]:
    """Return what the form shows: what was typed, else the place, else what a new user has."""
    if posted is not None:
        shown = {
            "role": posted.get("role", "member"),
            "scope": posted.get("scope", "all"),
            "chosen_themes": posted.getlist("theme"),
            "client_scope": posted.get("client_scope", "all"),
            "chosen_clients": posted.getlist("client"),
            "acts": posted.get("acts", "act"),
            "first": posted.get("from", ""),
            "last": posted.get("until", ""),
        }
    elif place is not None:
        shown = {
            "role": place.role,
            "scope": "all" if place.themes is None else NAMED,
            "chosen_themes": place.themes or (),
            "client_scope": "all" if place.clients is None else NAMED,
            "chosen_clients": [str(one) for one in place.clients or ()],
            "acts": "act" if place.may_act else "read",
            "first": place.valid_from.isoformat(),
            "last": place.valid_until.isoformat() if place.valid_until else "",
        }
    else:
        shown = {"role": "member", "scope": NAMED, "client_scope": "all", "acts": "act", "first": today.isoformat()}
    choices = [(role, gettext(label), gettext(ROLE_HELPS[role])) for role, label in ROLES.items()]
    return {**shown, "roles": choices, "ways": [(one, gettext(label)) for one, label in ACTS.items()]}


def read_ids(listed: list[str], known: Collection[str]) -> list[UUID]:
    """Return those of the identifiers that the page offered."""
    return [UUID(one) for one in listed if one in known]


def read_day(text: str) -> date | None:
    """Return a day of a form, None for none; raises ``dates_not_valid``."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DatesNotValid from error


def read_id(text: str) -> UUID | None:
    """Return an identifier of a form, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
