"""A long list of mandates: how far the worker is, what is not in order, and carrying out what is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from core.documents.models import Document
from core.kernel.errors import Conflict, NotFound, find_error
from core.messaging import desk_parties
from core.messaging.mandate_lists import access_list, read_document, request_making
from core.web.company.mandates.marking import write_marked
from core.web.company.mandates.views import may_keep
from core.web.policies import desk, party, recent
from core.web.views.desk_case import in_words
from core.web.views.desk_mandates import may_keep as may_keep_at_desk
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import MandateList
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

SHOWN = 200


@party
@require_http_methods(["GET", "POST"])
@recent
def show(request: PortalRequest, actor: Actor, list_id: UUID) -> HttpResponse:
    """A list of the own party."""
    return _show(request, actor, actor.party, list_id)


@party
@require_GET
def progress(request: PortalRequest, actor: Actor, list_id: UUID) -> HttpResponse:
    """Return the part of the page that shows how far it is; at the end it has the whole page loaded anew."""
    return _progress(request, actor, actor.party, list_id)


@desk
@require_http_methods(["GET", "POST"])
@recent
def show_at_desk(request: PortalRequest, actor: Actor, party_id: UUID, desk_list_id: UUID) -> HttpResponse:
    """A list that a clerk handed in for a party."""
    with tenant_transaction(request.caisse):
        desk_parties.access_party(actor, party_id)
    return _show(request, actor, party_id, desk_list_id)


@desk
@require_GET
def progress_at_desk(request: PortalRequest, actor: Actor, party_id: UUID, desk_list_id: UUID) -> HttpResponse:
    """The same at the desk."""
    with tenant_transaction(request.caisse):
        desk_parties.access_party(actor, party_id)
    return _progress(request, actor, party_id, desk_list_id)


def _show(request: PortalRequest, actor: Actor, party_id: UUID, list_id: UUID) -> HttpResponse:
    if not (may_keep_at_desk if actor.is_desk else may_keep)(actor):
        raise NotFound
    refusal: RelaisError | None = None
    with tenant_transaction(request.caisse):
        made = access_list(actor, party_id, list_id)
        document = Document.objects.filter(id=made.document_id).first()
    if request.method == "POST" and request.POST.get("step") == "marked" and document is not None:
        return _mark(request, made, document)
    if request.method == "POST":
        try:
            with tenant_transaction(request.caisse):
                request_making(actor=actor, made=made)
        except Conflict as error:
            refusal = error
        else:
            return redirect(_url(made))
    context = {
        **_describe(made),
        "layout": "web/desk.html" if actor.is_desk else "web/company/layout.html",
        "lines": [_line(one) for one in made.faults[:SHOWN]],
        "is_kept": document is not None,
        "refusal": in_words(refusal) if refusal else "",
    }
    return render(request, "web/company/mandates/long.html", context, status=refusal.status if refusal else 200)


def _progress(request: PortalRequest, actor: Actor, party_id: UUID, list_id: UUID) -> HttpResponse:
    with tenant_transaction(request.caisse):
        made = access_list(actor, party_id, list_id)
    context = _describe(made)
    answer = render(request, "web/company/mandates/long_progress.html", context)
    if not context["is_busy"]:
        answer["HX-Refresh"] = "true"
    return answer


def _mark(request: PortalRequest, made: MandateList, document: Document) -> HttpResponse:
    """Return the list with remarks, from what the worker found."""
    reading = read_document(request.caisse, document)
    faults = {one["number"]: one for one in made.faults}
    for line in reading.lines:
        if line.number in faults:
            line.error = _error(faults[line.number])
    return write_marked(request, document, reading)


def _describe(made: MandateList) -> dict[str, Any]:
    many = "desk_mandates_many" if made.at_desk else "company_mandates_workbook"
    return {
        "made": made,
        "is_busy": made.state in {"looking", "making"},
        "percent": min(99, 100 * made.done // made.total) if made.total else 0,
        "wrong": made.done - made.right,
        "url": _url(made),
        "progress_url": _url(made, "_progress"),
        "many_url": reverse(many, args=[made.party_id]),
    }


def _url(made: MandateList, part: str = "") -> str:
    name = "desk_mandates_list" if made.at_desk else "company_mandates_list"
    return reverse(f"{name}{part}", args=[made.party_id, made.id])


def _line(fault: dict[str, Any]) -> dict[str, Any]:
    return {"number": fault["number"], "party": fault["party"], "why": in_words(_error(fault))}


def _error(fault: dict[str, Any]) -> RelaisError:
    return (find_error(fault["code"]) or NotFound)(**fault["params"])
