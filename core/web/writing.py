"""Where a message is written: in the party's portal, or at the desk where it came on paper; the pages are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, path, reverse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.policies import View

PORTAL, DESK = "message", "record"


def list_routes(before: str, place: str, routes: Sequence[tuple[str, View, str]]) -> list[URLPattern]:
    """Return the routes of all pages on which a message is written, below ``before``, for one place."""
    return [path(f"{before}{rest}", view, name=f"{place}_{name}") for rest, view, name in routes]


def url_of(actor: Actor, message: Message, name: str, *more: object) -> str:
    """Return the address of one of those pages, where this actor writes."""
    if actor.is_desk:
        return reverse(f"{DESK}_{name}", args=[message.id, *more])
    return reverse(f"{PORTAL}_{name}", args=[actor.party_id, message.id, *more])


def layout_of(actor: Actor) -> str:
    """Return the template that the pages stand in."""
    return "web/desk.html" if actor.is_desk else "web/portal.html"
