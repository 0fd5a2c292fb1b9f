"""The dossier of a theme, its documents, and the access of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts import tokens as token_services
from core.catalogue import display, offers
from core.documents.services import open_document
from core.kernel.errors import NotFound, NotPermitted
from core.messaging import files, selectors
from core.messaging.assurance import check_reading_theme
from core.messaging.states import Box
from core.web.context import theme_name
from core.web.policies import party
from core.web.tokens import describe_tokens
from core.web.views.shown import shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@party
@require_GET
def show(request: PortalRequest, actor: Actor, theme: str) -> HttpResponse:
    """The documents of one theme: published ones, and what is pending."""
    offered = next((one for one in offers.list_open_themes(request.caisse) if one.slug == theme), None)
    if offered is None or not actor.may_read(theme):
        raise NotFound
    with tenant_transaction(request.caisse):
        check_reading_theme(actor, theme)
        documents = files.list_dossier(actor, theme)
        pending = [shown(one) for one in selectors.list_box(actor, Box.INBOX, theme=theme).messages]
        pending += [shown(one) for one in selectors.list_box(actor, Box.SENT, theme=theme).messages]
        closed = [shown(one) for one in selectors.list_box(actor, Box.DONE, theme=theme, limit=20).messages]
    context = {
        "theme": offered,
        "theme_name": theme_name(request.caisse, offered),
        "own": offers.get_own_texts(request.caisse, theme, get_language() or ""),
        "documents": documents,
        "pending": pending,
        "closed": closed,
        "periods": [
            *display.describe_messages(request.caisse, [one.key for one in offered.message_types]),
            *display.describe_documents(request.caisse),
        ],
    }
    return render(request, "web/portal/dossier.html", context)


@party
@require_GET
def download(request: PortalRequest, actor: Actor, document_id: UUID) -> StreamingHttpResponse:
    """One document; only a clean one can be had."""
    with tenant_transaction(request.caisse):
        document = files.access_document(actor, document_id)
    return stream(request, document)


def stream(request: PortalRequest, document: object) -> StreamingHttpResponse:
    """Return a document's bytes as a download, never shown within our origin."""
    chunks = open_document(caisse=request.caisse, document=document)  # type: ignore[arg-type]  # given by access_document
    return StreamingHttpResponse(
        chunks,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": files.disposition(document.filename),  # type: ignore[attr-defined]  # given by access_document
            "X-Content-Type-Options": "nosniff",
        },
    )


@party
@require_http_methods(["GET", "POST"])
def tokens(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Tokens of programs: made after the password was entered again, shown once, ended at any time."""
    if "administrator" not in actor.roles:
        raise NotPermitted
    context = describe_tokens(request, actor)
    return render(request, "web/portal/tokens.html", context, status=422 if context["refusal"] else 200)


@party
@require_POST
def revoke_token(request: PortalRequest, actor: Actor, token_id: UUID) -> HttpResponse:
    """End a program's access at once."""
    if "administrator" not in actor.roles:
        raise NotPermitted
    with tenant_transaction(request.caisse):
        token_services.revoke_token(actor=actor, token_id=token_id)
    messages.success(request, gettext("Access ended."))
    return redirect("party_tokens", party=actor.party_id)
