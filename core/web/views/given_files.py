"""Files for a message: uploading, attaching, how far the reading is, and the workbook to fill in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from core.intake.refusals import refusal_for
from core.kernel.errors import InvalidInput, NotFound
from core.messaging import access, files, jobs, presentation, rows, selectors, workbooks
from core.web.policies import writer
from core.web.views.contents import enclosure_kind
from core.web.writing import url_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


class FileNotChosen(InvalidInput):
    """Choose a file first."""

    code = "file_not_chosen"


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
    purpose = enclosure_kind(actor)
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
