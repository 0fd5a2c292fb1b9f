"""The desk's search over messages and parties, as page and as workbook; what is searched for is always posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.messaging import desk_search
from core.web.context import theme_name
from core.web.policies import desk
from core.web.views.desk_parties import KINDS
from core.web.views.desk_queue import list_readable_themes
from core.web.views.downloads import EXPORT_LIMIT, workbook_of
from core.web.views.shown import shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

PARTIES = 5


@desk
@require_http_methods(["GET", "POST"])
def search(request: PortalRequest, actor: Actor) -> HttpResponse:
    """What has these words: parties first, then messages with the place where the words stand."""
    asked = _asked(request)
    context: dict[str, Any] = {"listed": [], "parties": [], "next_cursor": ""}
    if asked["q"]:
        with tenant_transaction(request.caisse):
            context = _find(actor, asked, request.POST.get("cursor") or None)
    themes = [(one.slug, theme_name(request.caisse, one)) for one in list_readable_themes(request, actor)]
    return render(request, "web/desk/search.html", context | {"filters": asked, "themes": themes})


def _asked(request: PortalRequest) -> dict[str, str]:
    return {"q": request.POST.get("q", "").strip(), "theme": request.POST.get("theme", "")}


def _find(actor: Actor, asked: dict[str, str], cursor: str | None) -> dict[str, Any]:
    text, theme = asked["q"], asked["theme"] or None
    page = desk_search.search_messages(actor, text, theme=theme, cursor=cursor)
    places = desk_search.explain_hits(page.messages, text)
    parties = desk_search.search_parties(actor, text, limit=PARTIES) if not cursor else None
    return {
        "listed": [shown(one) | {"place": places.get(one.id, [])} for one in page.messages],
        "next_cursor": page.next_cursor or "",
        "parties": [(one, gettext(KINDS[one.kind])) for one in parties.parties] if parties else [],
        "more_parties": bool(parties and parties.next_cursor),
    }


@desk
@require_POST
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The messages that were found, as a workbook."""
    asked = _asked(request)
    with tenant_transaction(request.caisse):
        page = desk_search.search_messages(actor, asked["q"], theme=asked["theme"] or None, limit=EXPORT_LIMIT)
        listed = [shown(one) for one in page.messages]
    return workbook_of(request, listed, "search.xlsx")
