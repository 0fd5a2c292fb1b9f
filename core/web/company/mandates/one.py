"""One mandate with its history, and what its two sides can do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.mandates import changing, selectors
from core.kernel.errors import Conflict, InvalidInput, NotFound
from core.web.company.mandates.entries import read_terms, show_terms
from core.web.company.mandates.views import may_keep
from core.web.company.mandates.wording import describe_entry, describe_mandate
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import Mandate
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@party
@require_GET
def show(request: PortalRequest, actor: Actor, mandate_id: UUID) -> HttpResponse:
    """What it allows, until when, and what was done with it."""
    with tenant_transaction(request.caisse):
        mandate = _access(actor, mandate_id)
        context = describe(request, actor, mandate)
    return render(request, "web/company/mandates/one.html", context)


def describe(request: PortalRequest, actor: Actor, mandate: Mandate) -> dict[str, Any]:
    """Return a mandate's page, with what its reader may do; in the open scope."""
    is_for_us = actor.party_id == mandate.for_party_id
    shown = describe_mandate(request.caisse, mandate)
    keeps = may_keep(actor) and shown["standing"] != "over"
    by_law = mandate.basis == "law"
    return {
        "one": shown,
        "history": [describe_entry(one, at_desk=actor.is_desk) for one in selectors.list_history(mandate)],
        "is_for_us": is_for_us,
        "may_change": keeps and not (by_law and is_for_us),
        "may_end": keeps and not (by_law and is_for_us),
        "may_confirm": keeps and bool(shown["review_due"]) and (is_for_us or by_law),
        "document_id": mandate.document_id if may_keep(actor) else None,
    }


@party
@require_http_methods(["GET", "POST"])
@recent
def change(request: PortalRequest, actor: Actor, mandate_id: UUID) -> HttpResponse:
    """Themes, kinds of document, read or act, last day."""
    if request.method == "POST":
        try:
            with tenant_transaction(request.caisse):
                mandate = _access(actor, mandate_id)
                terms = read_terms(request, first=mandate.valid_from)
                changing.change_mandate(actor=actor, mandate_id=mandate_id, terms=terms, seen=read_seen(request))
        except (InvalidInput, Conflict) as error:
            return _form(request, actor, mandate_id, "change", error)
        messages.success(request, gettext("Saved. Both sides are told by e-mail."))
        return redirect("company_mandates_one", party=actor.party_id, mandate_id=mandate_id)
    return _form(request, actor, mandate_id, "change")


@party
@require_http_methods(["GET", "POST"])
@recent
def end(request: PortalRequest, actor: Actor, mandate_id: UUID) -> HttpResponse:
    """End it at once, with a reason."""
    if request.method == "POST":
        try:
            with tenant_transaction(request.caisse):
                _access(actor, mandate_id)
                changing.end_mandate(actor=actor, mandate_id=mandate_id, reason=request.POST.get("reason", ""))
        except (InvalidInput, Conflict) as error:
            return _form(request, actor, mandate_id, "end", error)
        messages.success(request, gettext("The mandate has ended. Both sides are told by e-mail."))
        return redirect("company_mandates", party=actor.party_id)
    return _form(request, actor, mandate_id, "end")


@party
@require_POST
@recent
def confirm(request: PortalRequest, actor: Actor, mandate_id: UUID) -> HttpResponse:
    """Let it go on for another year."""
    with tenant_transaction(request.caisse):
        _access(actor, mandate_id)
        changing.confirm_mandate(actor=actor, mandate_id=mandate_id)
    messages.success(request, gettext("Confirmed for another year."))
    return redirect("company_mandates_one", party=actor.party_id, mandate_id=mandate_id)


def read_seen(request: PortalRequest) -> int:
    """Return the revision that the form was drawn from."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0  # noqa: PLR2004 -- revisions are small


def _access(actor: Actor, mandate_id: UUID) -> Mandate:
    """Return a mandate of the own party; those who do not keep them see only who acts for it."""
    mandate = changing.access_mandate(actor, mandate_id)
    own = actor.acting_party_id == actor.party_id and (may_keep(actor) or mandate.for_party_id == actor.party_id)
    if not own:
        raise NotFound
    return mandate


def _form(
    request: PortalRequest, actor: Actor, mandate_id: UUID, step: str, error: RelaisError | None = None
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        mandate = _access(actor, mandate_id)
        context = describe(request, actor, mandate)
    if not context[f"may_{step}"] and error is None:
        raise NotFound
    context |= show_terms(request, mandate) if step == "change" else {}
    context |= {
        "seen": mandate.revision,
        "reason": request.POST.get("reason", ""),
        "refusal": in_words(error) if error else "",
    }
    return render(
        request, f"web/company/mandates/{step}.html", context, status=error.status if error is not None else 200
    )
