"""Dashboard, boxes, beginning a message, and a message as a page."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from core.catalogue import offers, registry
from core.catalogue.types import Kind
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.documents.selectors import list_documents_of_message
from core.intake.workbooks.columns import ListColumn
from core.intake.workbooks.listing import export_list
from core.kernel import clock
from core.kernel.errors import NotFound
from core.messaging import access, drafts, files, findings, presentation, receipts, rows, selectors, workbooks
from core.messaging.marks import mark_read
from core.messaging.states import EDITABLE, EVENT_LABELS, Box, State, list_open_ways
from core.web.announcements import list_announcements
from core.web.policies import party
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.catalogue.types import MessageType
    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORT_LIMIT = 10_000


def read_search(request: PortalRequest) -> tuple[int, str]:
    """Return after which row a page of a list begins, and whom it was searched for."""
    asked = request.POST if request.method == "POST" else request.GET
    after = asked.get("after", "")
    whole = after.isascii() and after.isdigit() and len(after) < 10  # noqa: PLR2004 -- row numbers are small
    return int(after) if whole else 0, request.POST.get("q", "")


def rows_workbook(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Return all rows of a message as a workbook, in the form that the portal reads."""
    with tempfile.TemporaryDirectory() as folder, tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        if not rows.has_rows(found) or not access.sees_contents(actor, found):
            raise NotFound
        target = Path(folder) / "rows.xlsx"
        name = workbooks.write_rows(found, target, language=get_language() or "fr")
        content = target.read_bytes()
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": files.disposition(name)})


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
    caisse = request.caisse
    context = {
        "due": [shown(one) for one in due],
        "recent": [shown(one) for one in recent],
        "types": _startable(request, actor),
        "announcements": list_announcements(caisse),
        "today": clock.today(configuration.get(caisse, LocaleSection).time_zone),
    }
    return render(request, "web/portal/dashboard.html", context)


def shown(message: Message) -> dict[str, Any]:
    """Return a message as lists show it; nothing in the title is personal."""
    theme = registry.get_theme(message.theme)
    return {
        "message": message,
        "title": presentation.title_of(message),
        "reference": presentation.reference_of(message),
        "theme": gettext(theme.title),
        "state": gettext(State(message.state).label),
        "url": reverse("message", args=[message.party_id, message.id]),
        "unread": not getattr(message, "is_read", True) and message.state in (State.OPEN, State.DELIVERED),
    }


def _startable(request: PortalRequest, actor: Actor) -> list[dict[str, Any]]:
    types = offers.list_startable_types(request.caisse, "party")
    return [
        {
            "type": one,
            "title": gettext(one.title),
            "summary": gettext(one.summary),
            "theme": gettext(registry.get_theme(one.theme).title),
            "url": reverse("party_start", args=[actor.party_id, one.theme, one.key]),
        }
        for one in types
        if actor.may_act(one.theme)
    ]


@party
@require_GET
def box(request: PortalRequest, actor: Actor, box: str) -> HttpResponse:
    """One box: search, filters, pages."""
    filters = read_filters(request)
    with tenant_transaction(request.caisse):
        page = selectors.list_box(actor, Box(box), cursor=request.GET.get("cursor") or None, **filters)
        listed = [shown(one) for one in page.messages]
    query = request.GET.copy()
    query["cursor"] = page.next_cursor or ""
    context = {
        "box": Box(box),
        "box_label": gettext(Box(box).label),
        "listed": listed,
        "next_url": f"?{query.urlencode()}" if page.next_cursor else "",
        "filters": request.GET,
        "is_filtered": any(filters.values()),
        "types": _startable(request, actor),
        "type_choices": _type_choices(request, actor),
        "export_url": f"{reverse('party_box_export', args=[actor.party_id, box])}?{request.GET.urlencode()}",
    }
    template = "web/portal/box_page.html" if request.headers.get("HX-Request") else "web/portal/box.html"
    return render(request, template, context)


def _type_choices(request: PortalRequest, actor: Actor) -> list[tuple[str, str]]:
    return [
        (one.key, gettext(one.title))
        for theme in offers.list_themes(request.caisse)
        if actor.may_read(theme.slug)
        for one in theme.message_types
    ]


def read_filters(request: PortalRequest) -> dict[str, Any]:
    """Return the filters of a list; what cannot be read counts as not given."""
    return {
        "theme": request.GET.get("theme") or None,
        "type_key": request.GET.get("type") or None,
        "search": request.GET.get("q", ""),
        "since": _date(request.GET.get("since")),
        "until": _date(request.GET.get("until")),
    }


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@party
@require_GET
def export(request: PortalRequest, actor: Actor, box: str) -> HttpResponse:
    """The box as a workbook."""
    with tenant_transaction(request.caisse):
        page = selectors.list_box(actor, Box(box), limit=EXPORT_LIMIT, **read_filters(request))
        listed = [shown(one) for one in page.messages]
    return workbook_of(listed, f"{box}.xlsx")


def workbook_of(listed: list[dict[str, Any]], filename: str) -> HttpResponse:
    """Return a list of messages as a workbook; texts never become formulas."""
    columns = [
        ListColumn(gettext("Reference")),
        ListColumn(gettext("Title"), width=40),
        ListColumn(gettext("Theme")),
        ListColumn(gettext("Party"), width=30),
        ListColumn(gettext("State")),
        ListColumn(gettext("Changed"), style="date"),
        ListColumn(gettext("Sent"), style="date"),
    ]
    body = [
        (
            one["reference"],
            one["title"],
            one["theme"],
            one["message"].party.name,
            one["state"],
            one["message"].changed_at.date(),
            one["message"].sent_at.date() if one["message"].sent_at else None,
        )
        for one in listed
    ]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "list.xlsx"
        export_list(columns, body, target, title=gettext("Messages"))
        content = target.read_bytes()
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


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


def describe(actor: Actor, found: Message) -> dict[str, Any]:
    """Return everything a message's page shows; within the caller's scope."""
    language = get_language() or "fr"
    has_rows = rows.has_rows(found)
    return {
        **shown(found),
        "fields": presentation.list_fields(found, language),
        "totals": presentation.list_totals(found, language),
        "breakdown": presentation.list_breakdown(found, language),
        "rows": row_table(found, rows.list_rows(found, limit=50), language) if has_rows else None,
        "findings": describe_findings(found, findings.list_findings(found)),
        "documents": list_documents_of_message(found.id),
        "events": describe_events(selectors.list_events(actor, found)),
        "case": [shown(one) for one in selectors.list_case(actor, found)],
        "receipt": receipts.find_receipt(found),
        "ways": {way.name for way in list_open_ways(State(found.state), "caisse" if actor.is_desk else "party")}
        if actor.may_act(found.theme)
        else set(),
    }


def row_table(found: Message, lines: list[rows.RowLine], language: str) -> dict[str, Any]:
    """Return rows as a table: heads, and for each row its number and shown cells; empty columns are left out."""
    filled = {name for line in lines for name, entry in line.entries.items() if entry not in (None, "", False)}
    kinds = {name: kind for name, kind in presentation.row_kinds(found).items() if name in filled}
    return {
        "heads": [(name, gettext(kind.label)) for name, kind in kinds.items()],
        "lines": [
            {
                "number": line.number,
                "label": presentation.label_of_row(found, line),
                "cells": [
                    (
                        gettext(kind.label),
                        presentation.show_entry(kind, line.entries.get(name), language),
                        name in line.unread,
                    )
                    for name, kind in kinds.items()
                ],
            }
            for line in lines
        ],
        "last": lines[-1].number if lines else 0,
    }


def describe_findings(
    found: Message, lines: list[findings.FindingLine], alike: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """Return findings in words with their persons; one query for all rows.

    ``alike`` counts by code the findings that a reason may be given to at once.
    """
    numbers = [line.finding.row_number for line in lines if line.finding.row_number is not None]
    named = {}
    if numbers and rows.has_rows(found):
        listed = rows.list_rows(found, numbers=numbers, limit=len(numbers))
        named = {line.number: presentation.label_of_row(found, line) for line in listed}
    kinds = {**presentation.field_kinds(found), **(presentation.row_kinds(found) if rows.has_rows(found) else {})}
    return [
        {
            "finding": line.finding,
            "text": presentation.describe_finding(found, line.finding),
            "person": named.get(line.finding.row_number or 0, ""),
            "field": gettext(kinds[line.finding.field].label) if line.finding.field in kinds else "",
            "reason": line.reason,
            "alike": (alike or {}).get(line.finding.code, 0) if line.is_open else 0,
        }
        for line in lines
    ]


def describe_events(events: list[Any]) -> list[dict[str, Any]]:
    """Return steps in words."""
    return [
        {
            "label": gettext(EVENT_LABELS[event.name]) if event.name in EVENT_LABELS else event.name,
            "at": event.at,
            "actor": event.actor_name,
            "note": event.note,
            "data": event.data,
            "now": index == len(events),
        }
        for index, event in enumerate(events, start=1)
    ]


@party
@require_POST
def mark(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Mark a message as unread or read, for oneself."""
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        mark_read(user_id=actor.user_id, message=found, read=request.POST.get("read") == "true")
    messages.success(request, gettext("Marked as unread."))
    return HttpResponseRedirect(reverse("party_box", args=[actor.party_id, str(Box.INBOX)]))
