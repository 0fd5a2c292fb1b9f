"""What a form about a mandate sends, read for the services, and shown again where something was wrong."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.accounts.mandates.errors import MandateDatesNotValid
from core.accounts.mandates.terms import Terms, clean_terms
from core.accounts.policy import caisse_today
from core.web.company.mandates.wording import name_themes, name_types

if TYPE_CHECKING:
    from core.accounts.models import Mandate
    from core.web.requests import PortalRequest

NAMED = "named"


def read_terms(request: PortalRequest, *, first: date | None = None) -> Terms:
    """Return the terms that were posted, in the open scope; ``first`` stands where a change leaves the first day."""
    posted = request.POST
    return clean_terms(
        themes=posted.getlist("theme") if posted.get("scope") == NAMED else None,
        document_types=posted.getlist("type") if posted.get("kinds") == NAMED else None,
        may_act=posted.get("reach") == "act",
        valid_from=first or read_day(posted.get("from", "")) or caisse_today(request.caisse),
        valid_until=read_day(posted.get("until", "")),
    )


def read_day(text: str) -> date | None:
    """Return a day; raises ``mandate_dates_not_valid`` for what is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise MandateDatesNotValid from error


def show_terms(request: PortalRequest, mandate: Mandate | None = None, *, kind: str = "") -> dict[str, Any]:
    """Return what the form of terms shows: what was posted, else what stands, else everything from today.

    With the kind of who is represented only what there is for such a party.
    """
    themes, types = name_themes(request.caisse, kind), name_types(request.caisse, kind)
    choices = {"themes": list(themes.items()), "types": list(types.items())}
    posted = request.POST
    if request.method == "POST" and "reach" in posted:
        return choices | {
            "scope": posted.get("scope"),
            "chosen_themes": posted.getlist("theme"),
            "kinds": posted.get("kinds"),
            "chosen_types": posted.getlist("type"),
            "reach": posted.get("reach"),
            "first": posted.get("from", ""),
            "last": posted.get("until", ""),
        }
    if mandate is None:
        today = caisse_today(request.caisse)
        return choices | {"scope": "all", "kinds": "all", "reach": "act", "first": today.isoformat(), "last": ""}
    return choices | {
        "scope": "all" if mandate.themes is None else NAMED,
        "chosen_themes": mandate.themes or [],
        "kinds": "all" if mandate.document_types is None else NAMED,
        "chosen_types": mandate.document_types or [],
        "reach": "act" if mandate.may_act else "read",
        "first": "",
        "last": mandate.valid_until.isoformat() if mandate.valid_until else "",
    }
