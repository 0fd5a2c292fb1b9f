"""A message as pages of the portal and of the desk show it: line, page, rows, findings, steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from core.catalogue import registry
from core.messaging import files, findings, presentation, receipts, rows, selectors
from core.messaging.states import EVENT_LABELS, State, list_open_ways

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest


def read_search(request: PortalRequest) -> tuple[int, str]:
    """Return after which row a page of a list begins, and whom it was searched for."""
    asked = request.POST if request.method == "POST" else request.GET
    after = asked.get("after", "")
    whole = after.isascii() and after.isdigit() and len(after) < 10  # noqa: PLR2004 -- row numbers are small
    return int(after) if whole else 0, request.POST.get("q", "")


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
        "documents": files.list_documents(actor, found),
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
