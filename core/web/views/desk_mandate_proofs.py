"""Documents that are to prove mandates, at the desk: the list of those that wait, one of them, the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.mandates import answering, selectors
from core.accounts.mandates.asking import find_party
from core.accounts.models import Party
from core.accounts.policy import caisse_day
from core.documents.selectors import find_document
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import Conflict, InvalidInput, NotFound
from core.messaging.desk_guards import is_open_to, open_to
from core.web.company.mandates.wording import REQUEST_STATES, describe_request
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from core.web.views.desk_mandates import may_keep
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from core.accounts.models import MandateRequest
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@desk
@require_http_methods(["GET", "POST"])
def to_check(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The documents that prove mandates, the oldest first; searched by POST."""
    state, search = _asked(request)
    with tenant_transaction(request.caisse):
        files = open_to(actor, Party.objects.all(), "id")
        page = selectors.list_to_check(state, search=search, files=files, after=request.POST.get("cursor", ""))
        counts = selectors.count_to_check(search=search, files=files)
        listed = [describe_request(request.caisse, one) for one in page.rows]
    context = {
        "listed": listed,
        "next_cursor": page.after,
        "state": state,
        "counts": [(one, gettext(REQUEST_STATES[one]), counts[one]) for one in selectors.TO_CHECK],
        "filters": {"q": search, "state": state},
    }
    return render(request, "web/desk/mandates/list.html", context)


@desk
@require_POST
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The same as a workbook."""
    state, search = _asked(request)
    with tenant_transaction(request.caisse):
        files = open_to(actor, Party.objects.all(), "id")
        page = selectors.list_to_check(state, search=search, files=files, limit=EXPORT_LIMIT)
        listed = [describe_request(request.caisse, one) for one in page.rows]
    columns = [
        ListColumn(gettext("Asked by"), width=36),
        ListColumn(gettext("Number")),
        ListColumn(gettext("What for"), width=30),
        ListColumn(gettext("The other side is"), width=24),
        ListColumn(gettext("Number")),
        ListColumn(gettext("Rests on"), width=30),
        ListColumn(gettext("Themes"), width=40),
        ListColumn(gettext("State"), width=20),
        ListColumn(gettext("Asked"), style="date"),
    ]
    body = [
        (
            one["asked"].from_party.name,
            one["asked"].from_party.number,
            one["direction"],
            one["other_kind"],
            one["asked"].other_number,
            one["basis"],
            one["themes"],
            one["state_label"],
            caisse_day(request.caisse, one["asked"].asked_at),
        )
        for one in listed
    ]
    return list_workbook(columns, body, title=gettext("Mandates to check"), filename="mandates.xlsx")


def _asked(request: PortalRequest) -> tuple[str, str]:
    state = request.POST.get("state") or request.GET.get("state", "")
    known = state if state in selectors.TO_CHECK else "waiting"
    return known, request.POST.get("q", "").strip()[:100]


@desk
@require_http_methods(["GET", "POST"])
@recent
def check(request: PortalRequest, actor: Actor, proof_id: UUID) -> HttpResponseBase:
    """One document with what it is to prove; a clerk accepts or refuses."""
    if request.method != "POST":
        return _check_page(request, actor, proof_id)
    try:
        with tenant_transaction(request.caisse):
            _access_request(actor, proof_id)
            if request.POST.get("step") == "accept":
                answering.accept_proof(actor=actor, request_id=proof_id)
                said = gettext("Accepted. The mandate holds, and both sides are told by e-mail.")
            else:
                answering.refuse_proof(actor=actor, request_id=proof_id, reason=request.POST.get("reason", ""))
                said = gettext("Refused. Who asked is told by e-mail and reads the reason.")
    except (InvalidInput, Conflict) as error:
        return _check_page(request, actor, proof_id, error)
    messages.success(request, said)
    return redirect("desk_mandates")


def _check_page(request: PortalRequest, actor: Actor, proof_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        asked, other = _access_request(actor, proof_id)
        document = find_document(asked.document_id) if asked.document_id else None
        shown = describe_request(request.caisse, asked)
    context = {
        "one": shown,
        "other": other,
        "document": document,
        "is_open": shown["state"] == "waiting" and may_keep(actor),
        "reason": request.POST.get("reason", ""),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/mandates/check.html", context, status=error.status if error else 200)


def _access_request(actor: Actor, proof_id: UUID) -> tuple[MandateRequest, Party | None]:
    """Return a request whose two sides' files are open to the clerk, and who bears the number."""
    asked = selectors.access_request(actor, proof_id)
    other = asked.to_party or find_party(asked.other_kind, asked.other_number)
    if not is_open_to(actor, asked.from_party_id) or (other is not None and not is_open_to(actor, other.id)):
        raise NotFound
    return asked, other
