"""Mandates at the desk: entered at the counter, changed and ended for a party; what may be decided by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.mandates import answering, bulk, changing, selectors
from core.documents.selectors import find_document
from core.enrolment.representing import REPRESENTED, Representative, enter_representative
from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from core.messaging import desk_parties
from core.messaging.desk_guards import is_open_to
from core.messaging.proofs import resting_on, store_proof
from core.web.company.mandates.entries import read_terms, show_terms
from core.web.company.mandates.many import mark_list, work, write_list_template
from core.web.company.mandates.one import read_seen
from core.web.company.mandates.wording import (
    BASES,
    KINDS,
    describe_entry,
    describe_mandate,
    name_themes,
)
from core.web.company.users.inviting import list_languages
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from core.accounts.models import Mandate
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


# Who acts is no party of the caisse yet.
NEW = "new"


def may_keep(actor: Actor) -> bool:
    """Whether the reader may decide on mandates: clerks and administrators, never auditors."""
    return actor.kind == "clerk" and bool(actor.roles & {"clerk", "administrator"})


@desk
@require_http_methods(["GET", "POST"])
@recent
def enter(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Enter a mandate that was proved at the counter or by letter."""
    if not may_keep(actor):
        raise NotFound
    if request.method != "POST":
        return _enter_page(request, actor, party_id)
    try:
        _enter(request, actor, party_id)
    except (InvalidInput, Conflict, Unavailable) as error:
        return _enter_page(request, actor, party_id, error)
    said = gettext("Saved. Both sides are told by e-mail.")
    if request.POST.get("who") == NEW:
        said = gettext("Saved. The code for the access goes by letter to whoever acts.")
    messages.success(request, said)
    return redirect("desk_party", party_id=party_id)


def _enter(request: PortalRequest, actor: Actor, party_id: UUID) -> None:
    posted, upload = request.POST, request.FILES.get("file")
    with tenant_transaction(request.caisse):
        party = desk_parties.access_party(actor, party_id)
        terms = read_terms(request)
    document = (
        store_proof(caisse=request.caisse, actor=actor, upload=upload, party_id=party_id)
        if upload is not None
        else None
    )
    document_id = document.id if document else None
    basis = posted.get("basis", "")
    with resting_on(document, caisse=request.caisse, actor=actor):
        if posted.get("who") == NEW:
            enter_representative(
                actor=actor,
                represented=party,
                who=_read_representative(posted),
                basis=basis,
                terms=terms,
                document_id=document_id,
            )
        else:
            acting = (posted.get("other_kind", ""), posted.get("number", ""))
            answering.enter_mandate(
                actor=actor, represented=party, acting=acting, basis=basis, terms=terms, document_id=document_id
            )


def _read_representative(posted: QueryDict) -> Representative:
    names = ("given_name", "family_name", "office", "street", "extra", "postcode", "town", "language")
    return Representative(**{name: posted.get(name, "") for name in names})


def _enter_page(request: PortalRequest, actor: Actor, party_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        party = desk_parties.access_party(actor, party_id)
    context = {
        **show_terms(request, kind=party.kind),
        "party": party,
        "kinds_of_party": [(kind, gettext(label)) for kind, label in KINDS.items()],
        "bases": [(name, gettext(label)) for name, label in BASES.items()],
        "other_kind": request.POST.get("other_kind", "agent"),
        "number": request.POST.get("number", ""),
        "typed": request.POST,
        "may_be_new": party.kind in REPRESENTED,
        **list_languages(request),
        "basis": request.POST.get("basis", "power_of_attorney"),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/mandates/enter.html", context, status=error.status if error else 200)


@desk
@require_http_methods(["GET", "POST"])
@recent
def many(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Enter many mandates of one party that acts for others, by one list."""
    if not may_keep(actor):
        raise NotFound
    with tenant_transaction(request.caisse):
        party = desk_parties.access_party(actor, party_id)
    basis = request.POST.get("basis") if request.POST.get("basis") in BASES else "agreement"
    make = bulk.entering(actor, party, str(basis), name_themes(request.caisse), lambda one: is_open_to(actor, one))
    if request.POST.get("step") == "marked":
        return mark_list(request, actor, make, party_id=party.id)
    context = work(request, actor, make, party_id=party.id)
    if context["started"]:
        return redirect("desk_mandates_list", party_id=party.id, desk_list_id=context["started"])
    context |= {"party": party, "basis": basis, "bases": [(name, gettext(label)) for name, label in BASES.items()]}
    return render(request, "web/desk/mandates/many.html", context, status=context["status"])


@desk
@require_GET
def template(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The workbook to fill in."""
    del actor
    return write_list_template(request)


@desk
@require_GET
def show(request: PortalRequest, actor: Actor, mandate_id: UUID) -> HttpResponse:
    """One mandate with its history."""
    return _one_page(request, actor, mandate_id)


@desk
@require_http_methods(["GET", "POST"])
@recent
def change(request: PortalRequest, actor: Actor, mandate_id: UUID) -> HttpResponse:
    """Change, confirm or end a mandate for the parties, as they asked."""
    if not may_keep(actor):
        raise NotFound
    if request.method != "POST":
        return _one_page(request, actor, mandate_id, form=True)
    try:
        with tenant_transaction(request.caisse):
            said = _change(request, actor, mandate_id)
    except (InvalidInput, Conflict) as error:
        return _one_page(request, actor, mandate_id, error, form=True)
    messages.success(request, said)
    return redirect("desk_mandate", mandate_id=mandate_id)


def _change(request: PortalRequest, actor: Actor, mandate_id: UUID) -> str:
    mandate = _access_mandate(actor, mandate_id)
    if request.POST.get("step") == "end":
        changing.end_mandate(actor=actor, mandate_id=mandate_id, reason=request.POST.get("reason", ""))
        return gettext("The mandate has ended. Both sides are told by e-mail.")
    if request.POST.get("step") == "confirm":
        changing.confirm_mandate(actor=actor, mandate_id=mandate_id)
        return gettext("Confirmed for another year.")
    terms = read_terms(request, first=mandate.valid_from)
    changing.change_mandate(actor=actor, mandate_id=mandate_id, terms=terms, seen=read_seen(request))
    return gettext("Saved. Both sides are told by e-mail.")


def _one_page(
    request: PortalRequest, actor: Actor, mandate_id: UUID, error: RelaisError | None = None, *, form: bool = False
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        mandate = _access_mandate(actor, mandate_id)
        shown = describe_mandate(request.caisse, mandate)
        history = [describe_entry(one, at_desk=True) for one in selectors.list_history(mandate)]
        document = find_document(mandate.document_id) if mandate.document_id else None
    context: dict[str, Any] = {
        **(show_terms(request, mandate) if form else {}),
        "one": shown,
        "history": history,
        "document": document,
        "form": form and shown["standing"] != "over",
        "may_change": may_keep(actor) and shown["standing"] != "over",
        "seen": mandate.revision,
        "reason": request.POST.get("reason", ""),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/mandates/one.html", context, status=error.status if error else 200)


def _access_mandate(actor: Actor, mandate_id: UUID) -> Mandate:
    mandate = changing.access_mandate(actor, mandate_id)
    if not is_open_to(actor, mandate.for_party_id) or not is_open_to(actor, mandate.acting_party_id):
        raise NotFound
    return mandate
