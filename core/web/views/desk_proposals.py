"""Four eyes at the desk: a decision is proposed, looked at, and confirmed or sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.kernel.errors import InvalidInput, NotFound
from core.messaging import access, acts, desk_proposals, files, papers
from core.web.policies import desk
from core.web.views.desk_case import render_case
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


def read_wish(data: Any) -> desk_proposals.Wish:
    """Return what a form or a call proposes."""
    return desk_proposals.Wish(**{name: str(data.get(name) or "") for name in ("outcome", "title", "text", "note")})


@desk
@require_POST
def propose(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Put a decision before the colleagues; what is missing is said with everything still there."""
    upload, wish = request.FILES.get("file"), read_wish(request.POST)
    try:
        document = desk_proposals.prepare_proposal(
            caisse=request.caisse,
            actor=actor,
            message_id=message_id,
            wish=wish,
            file=(upload.name or "decision.pdf", upload.read()) if upload else None,
        )
        with tenant_transaction(request.caisse):
            message = access.access_message(actor, message_id)
            desk_proposals.propose(actor=actor, message=message, wish=wish, document=document)
    except InvalidInput as error:
        return render_case(request, actor, message_id, typed=request.POST, error=error)
    messages.success(request, gettext("Proposed. A colleague confirms it or sends it back."))
    return redirect("desk_message", message_id=message_id)


@desk
@require_POST
def confirm(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Let happen what a colleague proposed."""
    decision = desk_proposals.prepare_confirmation(caisse=request.caisse, actor=actor, message_id=message_id)
    with tenant_transaction(request.caisse):
        message = access.access_message(actor, message_id)
        desk_proposals.confirm(actor=actor, message=message, decision=decision)
    messages.success(request, gettext("Confirmed; the party is told."))
    return redirect("desk_message", message_id=message_id)


@desk
@require_POST
def send_back(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Return a proposal with a reason."""
    try:
        with tenant_transaction(request.caisse):
            message = access.access_message(actor, message_id)
            desk_proposals.send_back(actor=actor, message=message, reason=request.POST.get("reason", ""))
    except InvalidInput as error:
        return render_case(request, actor, message_id, typed=request.POST, error=error)
    messages.success(request, gettext("Sent back; your colleague reads the reason."))
    return redirect("desk_message", message_id=message_id)


@desk
@require_POST
def take_back(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Withdraw one's own proposal."""
    with tenant_transaction(request.caisse):
        desk_proposals.take_back(actor=actor, message=access.access_message(actor, message_id))
    messages.success(request, gettext("Proposal taken back."))
    return redirect("desk_message", message_id=message_id)


@desk
@require_GET
def preview(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The proposed decision as it would look today under the caisse's letterhead."""
    with tenant_transaction(request.caisse):
        message = access.access_message(actor, message_id)
        acts.note_message_opened(actor, message)
        waiting = desk_proposals.get_waiting(message)
    if not waiting.title or waiting.document_id:
        raise NotFound
    pdf = papers.print_decision(request.caisse, message, waiting.title, waiting.text)
    headers = {"Content-Disposition": files.disposition("proposal.pdf")}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
