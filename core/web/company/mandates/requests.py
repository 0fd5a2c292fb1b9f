"""Asking for a mandate, answering what others ask, and taking a question back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.accounts.mandates import answering, asking, selectors
from core.accounts.mandates.asking import Wanted
from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from core.messaging.proofs import resting_on, store_proof
from core.web.company.mandates.entries import read_terms, show_terms
from core.web.company.mandates.views import may_keep
from core.web.company.mandates.wording import BASES, KINDS, describe_request
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

PROOF_BASES = ("power_of_attorney", "law")


@party
@require_http_methods(["GET", "POST"])
@recent
def ask(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Ask another party for a mandate, or prove one by a document."""
    if not may_keep(actor):
        raise NotFound
    if request.method != "POST":
        return _ask_page(request, actor)
    try:
        _ask(request, actor)
    except (InvalidInput, Conflict, Unavailable) as error:
        return _ask_page(request, actor, error)
    messages.success(
        request,
        gettext("Asked. If a party bears this number, its administrators are told by e-mail; you see the answer here."),
    )
    return redirect(f"{_list_url(actor)}?part=asked")


def _ask(request: PortalRequest, actor: Actor) -> None:
    posted = request.POST
    by_document = posted.get("proof") == "document"
    with tenant_transaction(request.caisse):
        terms = read_terms(request)
    document = (
        store_proof(caisse=request.caisse, actor=actor, upload=request.FILES.get("file")) if by_document else None
    )
    with resting_on(document, caisse=request.caisse, actor=actor):
        wanted = Wanted(
            direction=posted.get("direction", ""),
            other_kind=posted.get("other_kind", ""),
            other_number=posted.get("number", ""),
            basis=posted.get("basis", "") if by_document else "agreement",
            terms=terms,
            document_id=document.id if document else None,
        )
        asking.ask_mandate(actor=actor, wanted=wanted)


def _ask_page(request: PortalRequest, actor: Actor, error: RelaisError | None = None) -> HttpResponse:
    own = request.identity.find_seat(actor.party).party.kind
    posted = request.POST if request.method == "POST" else None
    context: dict[str, Any] = {
        **show_terms(request),
        "kinds_of_party": [(kind, gettext(label)) for kind, label in KINDS.items()],
        "bases": [(one, gettext(BASES[one])) for one in PROOF_BASES],
        "direction": posted.get("direction", "") if posted else ("give" if own == "employer" else "act"),
        "other_kind": posted.get("other_kind", "") if posted else ("agent" if own == "employer" else "employer"),
        "number": posted.get("number", "") if posted else "",
        "proof": posted.get("proof", "answer") if posted else "answer",
        "basis": posted.get("basis", "") if posted else "power_of_attorney",
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/company/mandates/ask.html", context, status=error.status if error else 200)


@party
@require_http_methods(["GET", "POST"])
@recent
def answer(request: PortalRequest, actor: Actor, asked_id: UUID) -> HttpResponse:
    """Look at what somebody asks, and accept or refuse it; or look at an own question, and take it back."""
    if not may_keep(actor):
        raise NotFound
    if request.method != "POST":
        return _answer_page(request, actor, asked_id)
    try:
        with tenant_transaction(request.caisse):
            said = _answer(request, actor, asked_id)
    except (InvalidInput, Conflict) as error:
        return _answer_page(request, actor, asked_id, error)
    messages.success(request, said)
    return redirect(_list_url(actor))


def _answer(request: PortalRequest, actor: Actor, asked_id: UUID) -> str:
    step = request.POST.get("step")
    if step == "withdraw":
        asking.withdraw_request(actor=actor, request_id=asked_id)
        return gettext("Taken back.")
    if step == "refuse":
        answering.refuse_request(actor=actor, request_id=asked_id, reason=request.POST.get("reason", ""))
        return gettext("Refused. The other side is told by e-mail.")
    if step != "accept":
        raise NotFound
    answering.accept_request(actor=actor, request_id=asked_id)
    return gettext("Accepted. The mandate holds as agreed, and both sides are told by e-mail.")


def _answer_page(
    request: PortalRequest, actor: Actor, asked_id: UUID, error: RelaisError | None = None
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        asked = selectors.access_request(actor, asked_id)
        shown = describe_request(request.caisse, asked)
    context = {
        "one": shown,
        "is_ours": asked.from_party_id == actor.party_id,
        "is_open": shown["state"] == "waiting",
        "reason": request.POST.get("reason", ""),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/company/mandates/answer.html", context, status=error.status if error else 200)


def _list_url(actor: Actor) -> str:
    return reverse("company_mandates", args=[actor.party_id])
