"""A case at the clerk's desk as a page, and what can be done with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.kernel.errors import InvalidInput, RelaisError
from core.messaging import access, acts, files, papers, presentation, rows
from core.messaging import desk as services
from core.messaging.desk_colleagues import get_colleague
from core.web.policies import desk
from core.web.views.desk_case import describe_case, render_case
from core.web.views.dossier import stream
from core.web.views.downloads import rows_workbook
from core.web.views.shown import read_search, row_table, shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest


@desk
@require_GET
def message(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """A case: contents, findings and reasons, totals against last year, steps, and what can be done."""
    with tenant_transaction(request.caisse):
        context = describe_case(request, actor, access.access_message(actor, message_id))
    return render(request, "web/desk/message.html", context)


@desk
@require_http_methods(["GET", "POST"])
def rows_page(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The list of a declaration, page by page; whom is searched for is posted, since addresses are logged."""
    after, search = read_search(request)
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        acts.note_message_opened(actor, found)
        lines = (
            rows.list_rows(found, after=after, limit=rows.PAGE + 1, search=search)
            if access.sees_contents(actor, found)
            else []
        )
        context = {
            **shown(found),
            "rows": row_table(found, lines[: rows.PAGE], get_language() or "fr"),
            "next_after": lines[rows.PAGE - 1].number if len(lines) > rows.PAGE else 0,
            "search": search,
        }
    return render(request, "web/desk/rows.html", context)


@desk
@require_GET
def export_rows(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The whole list of a declaration."""
    return rows_workbook(request, actor, message_id)


def _act(
    request: PortalRequest, actor: Actor, message_id: UUID, act: Callable[[Message], object], said: str
) -> HttpResponse:
    """Do one step; what is missing is said on the case's own page, with everything still there."""
    try:
        with tenant_transaction(request.caisse):
            act(access.access_message(actor, message_id))
    except InvalidInput as error:
        return _refused(request, actor, message_id, error)
    messages.success(request, said)
    return redirect("desk_message", message_id=message_id)


def _refused(request: PortalRequest, actor: Actor, message_id: UUID, error: RelaisError) -> HttpResponse:
    return render_case(request, actor, message_id, typed=request.POST, error=error)


@desk
@require_POST
def take(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Take a case."""
    return _act(
        request,
        actor,
        message_id,
        lambda found: services.take_message(actor=actor, message=found),
        gettext("This case is now yours."),
    )


@desk
@require_POST
def assign(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Hand a case to a colleague."""

    def act(found: Message) -> None:
        user_id, name = get_colleague(request.POST.get("colleague", ""))
        services.assign_message(actor=actor, message=found, user_id=user_id, name=name)

    return _act(request, actor, message_id, act, gettext("Handed over."))


@desk
@require_POST
def snooze(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Set a case aside until a later day."""
    until = read_date(request.POST.get("until"))
    return _act(
        request,
        actor,
        message_id,
        lambda found: services.snooze_message(actor=actor, message=found, until=until),
        gettext("Set aside; the case is back in the queue on that day."),
    )


@desk
@require_POST
def wake(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Put a case that was set aside back into the queue."""
    return _act(
        request,
        actor,
        message_id,
        lambda found: services.wake_message(actor=actor, message=found),
        gettext("The case is back in the queue."),
    )


@desk
@require_POST
def ask_back(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Ask the party; the ticked rows are pointed at."""
    numbers = [int(one) for one in request.POST.getlist("row") if one.isdigit()]

    def act(found: Message) -> None:
        services.ask_back(
            actor=actor,
            message=found,
            question=request.POST.get("question", ""),
            pointers=[{"row": number} for number in numbers],
            due_on=read_date(request.POST.get("due_on")),
        )

    return _act(request, actor, message_id, act, gettext("The question lies in the party's Inbox."))


def read_date(text: str | None) -> date | None:
    """Return an entered day; what cannot be read counts as not given."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@desk
@require_POST
def cancel_question(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Take an unanswered question back."""
    return _act(
        request,
        actor,
        message_id,
        lambda found: services.cancel_question(actor=actor, message=found),
        gettext("Question taken back."),
    )


@desk
@require_POST
def decide(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Publish a decision into the dossier: a PDF, or one set from the text."""
    upload = request.FILES.get("file")
    try:
        papers.publish_decision(
            caisse=request.caisse,
            actor=actor,
            message_id=message_id,
            title=request.POST.get("title", ""),
            text=request.POST.get("text", ""),
            file=(upload.name or "decision.pdf", upload.read()) if upload else None,
        )
    except InvalidInput as error:
        return _refused(request, actor, message_id, error)
    messages.success(request, gettext("The decision lies in the party's dossier."))
    return redirect("desk_message", message_id=message_id)


@desk
@require_POST
def close(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Finish a case."""
    return _act(
        request,
        actor,
        message_id,
        lambda found: services.close_message(actor=actor, message=found, note=request.POST.get("note", "")),
        gettext("Case completed."),
    )


@desk
@require_POST
def refuse(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Close a case without following it."""
    return _act(
        request,
        actor,
        message_id,
        lambda found: services.refuse_message(actor=actor, message=found, reason=request.POST.get("reason", "")),
        gettext("Case closed; the party reads the reason."),
    )


@desk
@require_GET
def receipt(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The party's receipt, as she has it."""
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        acts.note_message_opened(actor, found)
    pdf = papers.get_receipt_pdf(caisse=request.caisse, message_id=found.id)
    name = files.disposition(f"{presentation.reference_of(found)}.pdf")
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


@desk
@require_GET
def document(request: PortalRequest, actor: Actor, document_id: UUID) -> StreamingHttpResponse:
    """One document of a case."""
    with tenant_transaction(request.caisse):
        found = files.access_document(actor, document_id)
        acts.note_document_opened(actor, found)
    return stream(request, found)
