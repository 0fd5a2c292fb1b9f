"""One row of a list as a form, saved carefully: a colleague's change of the same row is never overwritten unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from core.messaging import access, presentation, rows
from core.messaging.errors import DraftConflict
from core.messaging.jobs import invalidate
from core.web import fields
from core.web.policies import writer
from core.web.views.contents import editing
from core.web.writing import url_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest

TEMPLATE = "web/portal/row.html"


@writer
@require_http_methods(["GET", "POST"])
def row(request: PortalRequest, actor: Actor, message_id: UUID, number: int) -> HttpResponse:
    """One row as a form."""
    if request.method == "POST":
        try:
            return _save(request, actor, message_id, number)
        except DraftConflict as conflict:
            return _compare(request, actor, message_id, number, conflict)
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        context = _describe(actor, found, rows.get_row(found, number))
    return render(request, TEMPLATE, context)


def _save(request: PortalRequest, actor: Actor, message_id: UUID, number: int) -> HttpResponse:
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        before = rows.get_row(found, number)
        entries = {**before.entries, **fields.read_form(rows.row_class(found), request.POST)}
        _check_seen(found, before, entries, request.POST.get("seen", ""))
        line = rows.change_row(message=found, number=number, entries=entries)
        invalidate(actor=actor, message=found, revision=found.revision)
        if not line.unread:
            return redirect(url_of(actor, found, "rows"))
        context = _describe(actor, found, rows.get_row(found, number), show_missing=True)
    return render(request, TEMPLATE, context, status=422)


def _check_seen(found: Message, now: rows.RowLine, entries: Mapping[str, Any], seen: str) -> None:
    """Refuse to overwrite what the page did not show, unless it says the same (the second of two clicks)."""
    if not seen or seen == rows.digest_of(now):
        return
    if rows.row_class(found).clean_entries(entries).values != rows.row_class(found).clean_entries(now.entries).values:
        raise DraftConflict(name=found.changed_by_name)


def _compare(
    request: PortalRequest, actor: Actor, message_id: UUID, number: int, conflict: DraftConflict
) -> HttpResponse:
    """Show what was typed beside what the colleague saved; saving again is then a choice."""
    language = get_language() or "fr"
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        line = rows.get_row(found, number)
        typed = fields.read_form(rows.row_class(found), request.POST)
        context = {
            **_describe(actor, found, line, entries={**line.entries, **typed}),
            "conflict": gettext(conflict.message) % conflict.params,
            "theirs": [
                {"label": gettext(kind.label), "value": presentation.show_entry(kind, line.entries[name], language)}
                for name, kind in presentation.row_kinds(found).items()
                if line.entries.get(name) not in {None, "", False}
            ],
        }
    return render(request, TEMPLATE, context, status=409)


def _describe(
    actor: Actor,
    found: Message,
    line: rows.RowLine,
    *,
    entries: Mapping[str, Any] | None = None,
    show_missing: bool = False,
) -> dict[str, Any]:
    pointed = frozenset(str(one.get("field")) for one in found.pointers if one.get("row") == line.number)
    return {
        **editing(actor, found),
        "form": fields.build_form(
            rows.row_class(found), entries or line.entries, show_missing=show_missing, pointed=pointed
        ),
        "number": line.number,
        "seen": rows.digest_of(line),
        "label": presentation.label_of_row(found, line),
    }
