"""Review, reasons, sending and the receipt."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.catalogue.types import Signature
from core.configuration import configuration
from core.configuration.sections import IntakeSection
from core.kernel.errors import AssuranceTooLow, NotFound, RelaisError
from core.kernel.identifiers import group_code
from core.messaging import (
    access,
    drafts,
    files,
    findings,
    jobs,
    papers,
    presentation,
    receipts,
    rows,
    sending,
    transitions,
    workbooks,
)
from core.messaging.states import EDITABLE
from core.web.policies import party, writer
from core.web.views.contents import editing, read_revision
from core.web.views.downloads import XLSX
from core.web.views.given_files import code_of_fault, fault_of_job
from core.web.views.shown import describe_findings, row_table
from core.web.writing import url_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.messaging.models import Job, Message
    from core.web.requests import PortalRequest


@writer
@require_http_methods(["GET", "POST"])
def review(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """What would be sent: persons, totals, findings. Opening it has the contents checked."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        found = _ensure_checked(actor, found, again=request.method == "POST")
        context = reviewing(request, actor, found)
    return render(request, "web/portal/review.html", context)


def _ensure_checked(actor: Actor, found: Message, *, again: bool) -> Message:
    if found.checked_revision == found.revision and not again:
        return found
    if presentation.type_of(found).rows is None:
        return jobs.check_now(actor=actor, message=found)
    last = jobs.get_last_job(found)
    if again or not _concerns(last, found):
        jobs.request_check(actor=actor, message=found)
    return found


def _concerns(job: Job | None, found: Message) -> bool:
    """Whether the last job speaks of the present contents, be it under way or failed."""
    if job is None or job.revision != found.revision:
        return False
    return job.state in jobs.WORKING or (job.state == "failed" and job.kind == "check")


def reviewing(request: PortalRequest, actor: Actor, found: Message) -> dict[str, Any]:
    """Return what the review page shows; within the caller's scope."""
    language = get_language() or "fr"
    after = int(request.GET.get("after", "0") or 0) if request.GET.get("after", "0").isdigit() else 0
    lines = findings.list_findings(found, after=after, limit=findings.PAGE + 1)
    checked = found.checked_revision == found.revision
    blocking, unjustified = findings.count_open_findings(found)
    has_rows, shared = rows.has_rows(found), editing(actor, found)
    limit = configuration.get(request.caisse, IntakeSection).marked_workbook_rows
    return {
        **shared,
        "checked": checked,
        "findings": describe_findings(found, lines[: findings.PAGE], findings.count_alike(found)) if checked else [],
        "after": after,
        "next_after": lines[findings.PAGE - 1].finding.id if len(lines) > findings.PAGE else 0,
        "counts": findings.count_by_severity(found),
        "blocking": blocking,
        "unjustified": unjustified,
        "may_send": checked and not blocking and not unjustified,
        "needs_confirmation": presentation.type_of(found).signature is Signature.CONFIRMATION and not actor.is_desk,
        "totals": presentation.list_totals(found, language),
        "breakdown": presentation.list_breakdown(found, language),
        "fields": presentation.list_fields(found, language),
        "rows": row_table(found, rows.list_rows(found, limit=20), language) if has_rows else None,
        "marked_limit": limit,
        "is_marked": workbooks.is_marked(request.caisse, found),
        "has_workbook": has_rows and workbooks.find_source(found) is not None,
        "fault": fault_of_job(shared["job"]) if not checked else "",
        "fault_code": code_of_fault(shared["job"]),
    }


@writer
@require_POST
def justify(request: PortalRequest, actor: Actor, message_id: UUID, finding_id: int) -> HttpResponse:
    """Keep a written reason."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        finding = found.findings.filter(id=finding_id).first()
        if finding is None:
            raise NotFound
        reason, alike = request.POST.get("reason", ""), "alike" in request.POST
        findings.justify_finding(actor=actor, message=found, finding=finding, reason=reason, alike=alike)
    messages.success(request, gettext("Reason kept. The caisse will read it."))
    after = request.POST.get("after", "")
    return redirect(f"{url_of(actor, found, 'review')}?after={after if after.isdecimal() else 0}#finding-{finding_id}")


@writer
@require_GET
def marked(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Her own workbook with a comment in each wrong cell; above the limit the list of findings."""
    language = get_language() or "fr"
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        name = workbooks.write_marked(caisse=request.caisse, message=found, target=target, language=language)
        content = target.read_bytes()
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": files.disposition(name)})


@writer
@require_POST
def send(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Send; a second click shows the first receipt again. At the desk: put it into the party's Sent."""
    revision = read_revision(request)
    try:
        with tenant_transaction(request.caisse):
            found = access.access_message(actor, message_id)
            if actor.is_desk:
                sending.record_message(actor=actor, message=found, revision=revision, language=found.party.language)
            else:
                sending.send_message(
                    actor=actor,
                    message=found,
                    revision=revision,
                    confirmed="confirmed" in request.POST,
                    language=get_language() or "fr",
                )
    except AssuranceTooLow:
        raise  # answered by asking for a stronger sign-in
    except RelaisError as error:
        return _refused(request, actor, message_id, error)
    if actor.is_desk:
        messages.success(request, gettext("Recorded. It stands in the party's Sent."))
        return redirect("desk_message", message_id=found.id)
    return redirect("message_sent", party=actor.party_id, message_id=found.id)


def _refused(request: PortalRequest, actor: Actor, message_id: UUID, error: RelaisError) -> HttpResponse:
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        if found.state not in EDITABLE:
            raise error
        context = reviewing(request, actor, found)
    text = gettext(error.message)
    context["refusal"] = text % error.params if error.params else text
    return render(request, "web/portal/review.html", context, status=error.status)


@party
@require_GET
def sent(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The proof at once: what was sent, when, by whom for whom."""
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        receipt = receipts.find_receipt(found)
        if receipt is None:
            raise NotFound
        facts = receipts.to_sealed(receipt)
        context = {
            "message": found,
            "title": presentation.title_of(found),
            "reference": presentation.reference_of(found),
            "receipt": receipt,
            "short_code": group_code(facts.short_code),
            "content": receipts.read_content(receipt),
        }
    return render(request, "web/portal/sent.html", context)


@party
@require_GET
def receipt(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The receipt as a sealed PDF."""
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
    pdf = papers.get_receipt_pdf(caisse=request.caisse, message_id=found.id)
    name = files.disposition(f"{presentation.reference_of(found)}.pdf")
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


@writer
@require_POST
def discard(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Delete a draft."""
    with tenant_transaction(request.caisse):
        drafts.discard_draft(actor=actor, message=access.access_editable(actor, message_id))
    messages.success(request, gettext("Draft deleted."))
    if actor.is_desk:
        return redirect("desk_record")
    return redirect("party_box", party=actor.party_id, box="drafts")


@party
@require_POST
def withdraw(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Take back what the caisse has not taken up yet."""
    return _step(request, actor, message_id, "withdraw", gettext("Message withdrawn."))


@party
@require_POST
def acknowledge(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Put a notice away."""
    return _step(request, actor, message_id, "acknowledge", gettext("Marked as dealt with."))


def _step(request: PortalRequest, actor: Actor, message_id: UUID, transition: str, said: str) -> HttpResponse:
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        transitions.apply(message=found, transition=transition, actor=actor)
    messages.success(request, said)
    return redirect("message", party=actor.party_id, message_id=found.id)


@party
@require_POST
def replace(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Begin a message that will stand in the place of one that was sent."""
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        draft = drafts.start_draft(
            actor=actor, message_type=presentation.type_of(found), party_id=found.party_id, substitutes=found
        )
    return redirect("message_edit", party=actor.party_id, message_id=draft.id)
