"""What is due across all clients: requests, yearly declarations, drafts; filtered, paged, as a workbook."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.policy import caisse_day, caisse_today
from core.accounts.seats import list_seats
from core.catalogue import offers
from core.intake.workbooks.columns import ListColumn
from core.kernel.text import N_
from core.messaging import due
from core.messaging.due import DueFilters
from core.messaging.selectors import PAGE
from core.web.policies import person
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from core.web.views.shown import shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from core.accounts.mandates.paging import ListPage
    from core.accounts.models import Party, User
    from core.accounts.seats import Seat
    from core.messaging.due import Yearly
    from core.messaging.models import Message
    from core.web.requests import PortalRequest

REQUESTS, DRAFTS = "requests", "drafts"
_LABELS = {REQUESTS: N_("Questions of the caisse"), DRAFTS: N_("Drafts")}


@person
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, user: User) -> HttpResponse:
    """One of the three lists with the counts of all. A client is searched for by POST."""
    filters = _read(request)
    with tenant_transaction(request.caisse):
        seats = list_seats(user.id)
        yearly = due.list_yearly()
        part = _part(request, yearly)
        counts = due.count_due(seats, filters, yearly)
        lines, after = _lines(request, seats, part, filters, yearly)
    parts = _name_parts(yearly)
    asked = {"client": filters.client, "theme": filters.theme, "until": request.POST.get("until", ""), "part": part}
    context = {
        "part": part,
        "parts": [(one, label, counts[one]) for one, label in parts.items()],
        "lines": lines,
        "next_cursor": after,
        "filters": asked,
        "is_filtered": bool(filters.client or filters.theme or filters.until),
        "themes": _themes(request, seats),
        "has_clients": bool(seats),
    }
    return render(request, "web/due.html", context)


@person
@require_POST
def export(request: PortalRequest, user: User) -> HttpResponse:
    """The list shown as a workbook."""
    filters = _read(request)
    with tenant_transaction(request.caisse):
        seats = list_seats(user.id)
        yearly = due.list_yearly()
        part = _part(request, yearly)
        lines, _after = _lines(request, seats, part, filters, yearly, limit=EXPORT_LIMIT)
    columns = [
        ListColumn(gettext("Number")),
        ListColumn(gettext("Client"), width=36),
        ListColumn(gettext("Title"), width=40),
        ListColumn(gettext("Theme"), width=30),
        ListColumn(gettext("Due on"), style="date"),
        ListColumn(gettext("Changed"), style="date"),
    ]
    body = [(one["number"], one["client"], one["title"], one["theme"], one["due_on"], one["changed"]) for one in lines]
    return list_workbook(columns, body, title=_name_parts(yearly)[part], filename="due.xlsx")


def _read(request: PortalRequest) -> DueFilters:
    posted = request.POST
    try:
        until = date.fromisoformat(posted.get("until", ""))
    except ValueError:
        until = None
    return DueFilters(posted.get("client", "").strip()[:100], posted.get("theme", ""), until)


def _name_parts(yearly: Sequence[Yearly]) -> dict[str, str]:
    """Return the lists by name: what the caisse asks, one for each yearly declaration, drafts."""
    named = {one.message_type.key: _title(one) for one in yearly}
    return {REQUESTS: gettext(_LABELS[REQUESTS]), **named, DRAFTS: gettext(_LABELS[DRAFTS])}


def _part(request: PortalRequest, yearly: Sequence[Yearly]) -> str:
    wanted = request.POST.get("part") or request.GET.get("part", "")
    return wanted if wanted in _name_parts(yearly) else REQUESTS


def _title(yearly: Yearly) -> str:
    kind = yearly.message_type
    return gettext(kind.due.title if kind.due else kind.title) % {"year": yearly.year}


def _lines(
    request: PortalRequest,
    seats: Sequence[Seat],
    part: str,
    filters: DueFilters,
    yearly: Sequence[Yearly],
    *,
    limit: int = PAGE,
) -> tuple[list[dict[str, Any]], str]:
    after = request.POST.get("cursor", "")
    today = caisse_today(request.caisse)
    wanted = next((one for one in yearly if one.message_type.key == part), None)
    if wanted is not None:
        parties = due.list_due_yearly(seats, wanted, filters, after=after, limit=limit)
        return [_yearly_line(request, wanted, party, today) for party in parties.rows], parties.after
    page: ListPage[Message]
    if part == DRAFTS:
        page = due.list_due_drafts(seats, filters, after=after, limit=limit)
    else:
        page = due.list_due_requests(seats, filters, after=after, limit=limit)
    return [_message_line(request, one, today) for one in page.rows], page.after


def _message_line(request: PortalRequest, message: Message, today: date) -> dict[str, Any]:
    one = shown(message)
    return {
        "url": one["url"],
        "client": message.party.name,
        "number": message.party.number,
        "title": one["title"],
        "theme": one["theme"],
        "due_on": message.due_on,
        "changed": caisse_day(request.caisse, message.changed_at),
        "is_late": message.due_on is not None and message.due_on < today,
    }


def _yearly_line(request: PortalRequest, yearly: Yearly, party: Party, today: date) -> dict[str, Any]:
    return {
        "url": reverse("party_dashboard", args=[party.id]),
        "client": party.name,
        "number": party.number,
        "title": _title(yearly),
        "theme": offers.name_theme(request.caisse, yearly.message_type.theme),
        "due_on": yearly.due_on,
        "changed": None,
        "is_late": yearly.due_on < today,
    }


def _themes(request: PortalRequest, seats: Sequence[Seat]) -> list[tuple[str, str]]:
    slugs = sorted({slug for seat in seats for slug in seat.rights})
    return [(slug, offers.name_theme(request.caisse, slug)) for slug in slugs]
