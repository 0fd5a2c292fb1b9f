"""Dashboard, boxes, beginning a message, and a message as a page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.affiliation.selectors import list_standing
from core.catalogue import display, offers, registry
from core.catalogue.types import Kind
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel import clock
from core.kernel.errors import NotFound
from core.messaging import access, drafts, selectors
from core.messaging.marks import mark_read
from core.messaging.states import EDITABLE, Box
from core.web.endings import describe_ending
from core.web.policies import party
from core.web.theme_news import list_theme_news
from core.web.views.downloads import EXPORT_LIMIT, rows_workbook, workbook_of
from core.web.views.shown import describe, shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.catalogue.types import MessageType
    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest

NARROWED = ("theme", "type", "since", "until")


@party
@require_GET
def export_rows(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The whole list of a message, also after it was sent."""
    return rows_workbook(request, actor, message_id)


@party
@require_GET
def dashboard(request: PortalRequest, actor: Actor) -> HttpResponse:
    """What is due, counts, quick actions, last messages, announcements."""
    with tenant_transaction(request.caisse):
        due = selectors.list_due(actor)
        recent = selectors.list_recent(actor)
        news = list_theme_news(request, actor)
        endings = [describe_ending(request, one) for one in list_standing(actor.party)]
    caisse = request.caisse
    context = {
        "due": [shown(one) for one in due],
        "recent": [shown(one) for one in recent],
        "types": _startable(request, actor),
        "theme_news": news,
        "endings": endings,
        "may_save": "administrator" in actor.roles and actor.acting_party_id == actor.party_id,
        "today": clock.today(configuration.get(caisse, LocaleSection).time_zone),
    }
    return render(request, "web/portal/dashboard.html", context)


def _startable(request: PortalRequest, actor: Actor) -> list[dict[str, Any]]:
    types = offers.list_startable_types(request.caisse, "party")
    kind = request.identity.find_seat(actor.party).party.kind
    return [
        {
            "type": one,
            "title": gettext(one.title),
            "summary": gettext(one.summary),
            "theme": gettext(registry.get_theme(one.theme).title),
            "url": reverse("party_start", args=[actor.party_id, one.theme, one.key]),
        }
        for one in types
        if actor.may_act(one.theme) and actor.covers(one.key) and kind in one.party_kinds
    ]


@party
@require_http_methods(["GET", "POST"])
def box(request: PortalRequest, actor: Actor, box: str) -> HttpResponse:
    """One box: search, filters, pages. What is searched for is posted, since addresses are logged."""
    asked = _asked(request)
    if request.method == "POST" and not asked["q"] and not asked["cursor"]:
        query = urlencode({name: value for name, value in asked.items() if value})
        return redirect(f"{request.path}?{query}" if query else request.path)
    filters = _read_filters(asked)
    with tenant_transaction(request.caisse):
        page = selectors.list_box(actor, Box(box), cursor=asked["cursor"] or None, **filters)
        listed = [shown(one) for one in page.messages]
        news = list_theme_news(request, actor)
    choices = _type_choices(request, actor)
    query = urlencode({name: asked[name] for name in NARROWED if asked[name]} | {"cursor": page.next_cursor or ""})
    context = {
        "box": Box(box),
        "box_label": gettext(Box(box).label),
        "listed": listed,
        "theme_news": news,
        "next_cursor": page.next_cursor or "",
        "next_url": f"?{query}" if page.next_cursor and not asked["q"] else "",
        "filters": {name: asked[name] for name in (*NARROWED, "q")},
        "is_filtered": any(filters.values()),
        "types": _startable(request, actor),
        "type_choices": choices,
        "periods": display.describe_messages(request.caisse, dict(choices)) if Box(box) is Box.DONE else [],
        "export_url": reverse("party_box_export", args=[actor.party_id, box]),
    }
    template = "web/portal/box_page.html" if request.headers.get("HX-Request") else "web/portal/box.html"
    return render(request, template, context)


def _type_choices(request: PortalRequest, actor: Actor) -> list[tuple[str, str]]:
    return [
        (one.key, gettext(one.title))
        for theme in offers.list_themes(request.caisse)
        if actor.may_read(theme.slug)
        for one in theme.message_types
        if actor.covers(one.key)
    ]


def _asked(request: PortalRequest) -> dict[str, str]:
    """Return what a list is narrowed by, as it was given; the search only ever from the body."""
    source = request.POST if request.method == "POST" else request.GET
    asked = {name: source.get(name, "") for name in (*NARROWED, "cursor")}
    return asked | {"q": request.POST.get("q", "").strip()}


def _read_filters(asked: dict[str, str]) -> dict[str, Any]:
    """Return the filters of a list; what cannot be read counts as not given."""
    return {
        "theme": asked["theme"] or None,
        "type_key": asked["type"] or None,
        "search": asked["q"],
        "since": _date(asked["since"]),
        "until": _date(asked["until"]),
    }


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@party
@require_http_methods(["GET", "POST"])
def export(request: PortalRequest, actor: Actor, box: str) -> HttpResponse:
    """The box as a workbook, narrowed as the page is."""
    with tenant_transaction(request.caisse):
        page = selectors.list_box(actor, Box(box), limit=EXPORT_LIMIT, **_read_filters(_asked(request)))
        listed = [shown(one) for one in page.messages]
    return workbook_of(request, listed, f"{box}.xlsx")


@party
@require_GET
def choose_type(request: PortalRequest, actor: Actor) -> HttpResponse:
    """What can be announced here."""
    return render(request, "web/portal/choose_type.html", {"types": _startable(request, actor)})


@party
@require_POST
def start(request: PortalRequest, actor: Actor, theme: str, type_key: str) -> HttpResponse:
    """Begin a draft and open its form; a repeated click opens the same draft again."""
    with tenant_transaction(request.caisse):
        message_type = offers.get_offered_type(request.caisse, type_key)
        if message_type.theme != theme:
            raise NotFound
        draft = _untouched_draft(actor, message_type) or drafts.start_draft(
            actor=actor,
            message_type=message_type,
            party_id=actor.party_id,  # type: ignore[arg-type]  # a party's actor
        )
    return redirect("message_edit", party=actor.party_id, message_id=draft.id)


def _untouched_draft(actor: Actor, message_type: MessageType) -> Message | None:
    """A draft that this user began within the last minute and has not touched: the double click."""
    page = selectors.list_box(actor, Box.DRAFTS, type_key=message_type.key, limit=5)
    fresh = clock.now() - timedelta(minutes=1)
    return next(
        (
            one
            for one in page.messages
            if one.revision == 1
            and one.created_by == actor.user_id
            and one.created_at > fresh
            and not one.row_count
            and one.kind == Kind.ANNOUNCEMENT
            and not one.substitutes_id
        ),
        None,
    )


@party
@require_GET
def message(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """A message with its steps; a draft or an open request leads to its form."""
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        mark_read(user_id=actor.user_id, message=found)
        if found.state in EDITABLE and actor.may_act(found.theme):
            return redirect("message_edit", party=actor.party_id, message_id=found.id)
        context = describe(actor, found)
    return render(request, "web/portal/message.html", context)


@party
@require_POST
def mark(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Mark a message as unread or read, for oneself."""
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        mark_read(user_id=actor.user_id, message=found, read=request.POST.get("read") == "true")
    messages.success(request, gettext("Marked as unread."))
    return HttpResponseRedirect(reverse("party_box", args=[actor.party_id, str(Box.INBOX)]))
