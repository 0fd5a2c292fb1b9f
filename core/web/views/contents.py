"""Writing a message: its form, its rows, its files; everything saves itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.catalogue.types import Kind, WayIn
from core.documents.selectors import list_documents_of_message
from core.intake.refusals import refusal_for
from core.kernel.errors import Conflict, InvalidInput, NotFound, RelaisError
from core.messaging import access, drafts, files, jobs, presentation, rows, selectors, workbooks
from core.messaging.jobs import invalidate
from core.web import fields
from core.web.policies import writer
from core.web.views.shown import read_search, row_table, shown
from core.web.writing import layout_of, url_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest

AUTOSAVE = "X-Relais-Autosave"
UNKNOWN_NAMED = 10


class NothingPasted(InvalidInput):
    """Nothing was pasted. Copy the rows in your spreadsheet, with or without its header line, and paste them here."""

    code = "nothing_pasted"


class FileNotChosen(InvalidInput):
    """Choose a file first."""

    code = "file_not_chosen"


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
        "documents": [one for one in list_documents_of_message(found.id) if one.kind == _enclosure(actor)],
        "takes_documents": message_type.attachments or actor.is_desk,
        "actor": actor,
    }


def _enclosure(actor: Actor) -> str:
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


@writer
@require_http_methods(["GET", "POST"])
def rows_page(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The list: search (posted, since addresses are logged), pages, add, copy, remove, paste, upload."""
    after, search = read_search(request)
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        if not rows.has_rows(found):
            raise NotFound
        lines = rows.list_rows(found, after=after, limit=rows.PAGE + 1, search=search)
        pointed = [one["row"] for one in found.pointers if one.get("row")]
        asked = rows.list_rows(found, numbers=pointed, limit=200) if pointed else []
        language = get_language() or "fr"
        context = {
            **editing(actor, found),
            "rows": row_table(found, lines[: rows.PAGE], language),
            "asked_rows": row_table(found, asked, language) if asked else None,
            "next_after": lines[rows.PAGE - 1].number if len(lines) > rows.PAGE else 0,
            "search": search,
            "new_row": fields.build_form(rows.row_class(found), {}),
            "fault": fault_of_job(jobs.get_last_job(found)),
            "fault_code": code_of_fault(jobs.get_last_job(found)),
        }
    return render(request, "web/portal/rows.html", context)


def code_of_fault(job: Any) -> str:
    """Return the code under which the last job failed, for who asks for help; empty when it did not."""
    if job is None or job.state != "failed":
        return ""
    return str(job.result.get("params", {}).get("refusal") or job.fault)


def fault_of_job(job: Any) -> str:
    """Return in words why the last job failed; empty when it did not."""
    if job is None or job.state != "failed":
        return ""
    if job.fault == "contents_changed":
        return gettext("The contents were changed while they were being checked. Check them again.")
    if job.fault == "file_unsafe":
        return gettext(files.FileUnsafe(**job.result.get("params", {})).message)
    try:
        refusal = refusal_for(job.fault)(**job.result.get("params", {}))
    except (KeyError, TypeError):
        return gettext("The file could not be read. Save it again as .xlsx or .csv and try once more.")
    text = gettext(refusal.message)
    return text % refusal.params if refusal.params else text


@writer
@require_POST
def add_row(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Add a row; what cannot be read is kept as typed and shown beside its fault."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        line = rows.add_row(message=found, entries=fields.read_form(rows.row_class(found), request.POST))
        invalidate(actor=actor, message=found, revision=found.revision)
    if line.unread:
        return redirect(url_of(actor, found, "row", line.number))
    messages.success(request, gettext("Row %(number)s added.") % {"number": line.number})
    return redirect(url_of(actor, found, "rows"))


@writer
@require_POST
def copy_row(request: PortalRequest, actor: Actor, message_id: UUID, number: int) -> HttpResponse:
    """Add a copy of a row and open it."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        line = rows.copy_row(message=found, number=number)
        invalidate(actor=actor, message=found, revision=found.revision)
    return redirect(url_of(actor, found, "row", line.number))


@writer
@require_POST
def remove_row(request: PortalRequest, actor: Actor, message_id: UUID, number: int) -> HttpResponse:
    """Remove a row."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        rows.remove_row(message=found, number=number)
        invalidate(actor=actor, message=found, revision=found.revision)
    messages.success(request, gettext("Row %(number)s removed.") % {"number": number})
    return redirect(url_of(actor, found, "rows"))


@writer
@require_POST
def paste(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Add what was copied from a spreadsheet, with or without its header line."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        pasted = workbooks.read_pasted(found, request.POST.get("cells", ""))
        if not pasted.rows:
            raise NothingPasted
        count, faults = rows.add_rows(message=found, many=pasted.rows)
        invalidate(actor=actor, message=found, revision=found.revision)
    messages.success(request, gettext("%(count)s rows added.") % {"count": count})
    if faults:
        messages.warning(
            request, gettext("%(count)s entries need correction; the check shows them.") % {"count": len(faults)}
        )
    if pasted.unknown:
        left_out = gettext("Columns that are not known were left out: %(headings)s.")
        messages.warning(request, left_out % {"headings": ", ".join(pasted.unknown[:UNKNOWN_NAMED])})
    return redirect(url_of(actor, found, "rows"))


@writer
@require_POST
def carry_over(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Begin with last year's persons."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        last = selectors.find_last_declared(found)
        count = rows.carry_over(source=last, target=found) if last else 0
        invalidate(actor=actor, message=found, revision=found.revision)
    messages.success(request, gettext("%(count)s persons of last time taken over.") % {"count": count})
    return redirect(url_of(actor, found, "rows"))


@writer
@require_POST
def upload(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Take a file and have it read; the page shows how far it is."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
    sent = request.FILES.get("file")
    if sent is None:
        raise FileNotChosen
    document = files.receive_file(caisse=request.caisse, actor=actor, message=found, upload=sent, purpose="data")
    with tenant_transaction(request.caisse):
        jobs.request_reading(actor=actor, message=found, document_id=document.id)
    return redirect(url_of(actor, found, "rows"))


@writer
@require_POST
def attach(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Add a document to the message."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
    sent = request.FILES.get("file")
    if sent is None:
        raise FileNotChosen
    purpose = _enclosure(actor)
    document = files.receive_file(caisse=request.caisse, actor=actor, message=found, upload=sent, purpose=purpose)
    with tenant_transaction(request.caisse):
        files.note_attachment(actor=actor, message=found, document=document)
    messages.success(request, gettext("Document added."))
    return redirect(url_of(actor, found, "edit"))


@writer
@require_GET
def job(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The progress of the last job as a fragment; when it has ended the page is loaded anew."""
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        last = jobs.get_last_job(found)
    context = {"job": last, "message": found, "actor": actor}
    response = render(request, "web/portal/job.html", context)
    if last is None or last.state in ("done", "failed"):
        response.headers["HX-Refresh"] = "true"
    return response


@writer
@require_GET
def template(request: PortalRequest, actor: Actor, message_id: UUID, ending: str) -> HttpResponse:
    """The workbook to fill in, with last year's persons if there are any."""
    if ending not in workbooks.CONTENT_TYPES:
        raise NotFound
    language = get_language() or "fr"
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        row_type = rows.row_class(found)
        last = selectors.find_last_declared(found)
        names = presentation.type_of(found).carry_over
        persons = [{name: line.values.get(name) for name in names} for line in rows.iterate_rows(last)] if last else []
    with tempfile.TemporaryDirectory() as folder, tenant_transaction(request.caisse):
        target = Path(folder) / f"template.{ending}"
        workbooks.write_template(row_type, target, language=language, persons=persons)
        content = target.read_bytes()
    name = f"{presentation.title_of(found)}.{ending}"
    return HttpResponse(
        content,
        content_type=workbooks.CONTENT_TYPES[ending],
        headers={"Content-Disposition": files.disposition(name)},
    )
