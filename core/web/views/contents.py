"""Writing a message: its form, which saves itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from core.catalogue.types import Kind, WayIn
from core.documents.selectors import list_documents_of_message
from core.kernel.errors import Conflict, RelaisError
from core.messaging import access, drafts, jobs, presentation, rows, selectors
from core.web import fields
from core.web.policies import writer
from core.web.views.shown import shown
from core.web.writing import layout_of, url_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest

AUTOSAVE = "X-Relais-Autosave"


@writer
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The form of the scalar entries; a request of the caisse opens here, prefilled."""
    if request.method == "POST":
        return _save(request, actor, message_id)
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        context = editing(actor, found)
    return render(request, "web/portal/edit.html", context)


def editing(actor: Actor, found: Message) -> dict[str, Any]:
    """Return what the pages of a message being written share; within the caller's scope."""
    message_type = presentation.type_of(found)
    pointed = frozenset(str(one.get("field")) for one in found.pointers if one.get("field") and not one.get("row"))
    last = selectors.find_last_declared(found) if message_type.rows else None
    return {
        **shown(found),
        "type": message_type,
        "form": fields.build_form(message_type.declaration, found.payload, pointed=pointed),
        "steps": _steps_of(actor, found),
        "layout": layout_of(actor),
        "job": jobs.get_last_job(found),
        "by_page": WayIn.PAGE in message_type.ways_in,
        "by_workbook": WayIn.WORKBOOK in message_type.ways_in,
        "by_xml": WayIn.XML in message_type.ways_in,
        "has_rows": message_type.rows is not None,
        "is_request": found.kind == Kind.REQUEST,
        "pointed_rows": [one["row"] for one in found.pointers if one.get("row")],
        "last_year": shown(last) if last else None,
        "documents": [one for one in list_documents_of_message(found.id) if one.kind == enclosure_kind(actor)],
        "takes_documents": message_type.attachments or actor.is_desk,
        "actor": actor,
    }


def enclosure_kind(actor: Actor) -> str:
    """What a document is that is added by hand: at the desk it is the scan of what came."""
    return "scan" if actor.is_desk else "attachment"


def _steps_of(actor: Actor, found: Message) -> list[dict[str, Any]]:
    """Return the steps of writing, for the bar above each page."""
    steps = [{"key": "edit", "label": gettext("Entries"), "url": url_of(actor, found, "edit")}]
    if rows.has_rows(found):
        steps.append({"key": "rows", "label": gettext("Persons"), "url": url_of(actor, found, "rows")})
    steps.append({"key": "review", "label": gettext("Check"), "url": url_of(actor, found, "review")})
    steps.append({"key": "send", "label": gettext("Recording") if actor.is_desk else gettext("Sending"), "url": ""})
    return steps


def _save(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    autosave = AUTOSAVE in request.headers
    try:
        with tenant_transaction(request.caisse):
            found = access.access_editable(actor, message_id)
            model = presentation.type_of(found).declaration
            entries = fields.canonical_entries(model, fields.read_form(model, request.POST))
            saved = drafts.save_draft(actor=actor, message=found, revision=read_revision(request), payload=entries)
    except Conflict as conflict:
        return _conflict(request, actor, message_id, conflict, autosave=autosave)
    if autosave:
        return JsonResponse({"revision": saved.revision, "status": gettext("Draft saved")})
    if "later" in request.POST:
        return _leave(request, actor)
    return redirect(url_of(actor, saved, "rows" if rows.has_rows(saved) else "review"))


def _leave(request: PortalRequest, actor: Actor) -> HttpResponse:
    if actor.is_desk:
        messages.success(request, gettext("Saved. You find it again on this page."))
        return redirect("desk_record")
    messages.success(request, gettext("Draft saved. You find it under Drafts; the caisse does not see it."))
    return redirect("party_box", party=actor.party_id, box="drafts")


def read_revision(request: PortalRequest) -> int:
    """Return the revision that the page was drawn from; 0, which no message has, where it cannot be read."""
    text = request.POST.get("revision", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 -- a revision is small


def _conflict(
    request: PortalRequest, actor: Actor, message_id: UUID, conflict: RelaisError, *, autosave: bool
) -> HttpResponse:
    text = gettext(conflict.message) % conflict.params if conflict.params else gettext(conflict.message)
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        if autosave:
            return JsonResponse({"status": text, "code": conflict.code, "revision": found.revision}, status=409)
        model = presentation.type_of(found).declaration
        typed = fields.read_form(model, request.POST)
        context = {
            **editing(actor, found),
            "form": fields.build_form(model, {**found.payload, **typed}),
            "conflict": text,
            "theirs": presentation.list_fields(found, get_language() or "fr"),
        }
    return render(request, "web/portal/edit.html", context, status=409)
