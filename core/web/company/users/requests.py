"""What people ask for: granted with what the administrator chooses, or refused with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.memberships import asking
from core.accounts.memberships.services import access_company
from core.accounts.memberships.wording import name_themes
from core.accounts.policy import caisse_today
from core.kernel.errors import Conflict, InvalidInput, NotFound
from core.web.company.users.entries import describe_place, read_place
from core.web.company.users.policy import company_administrator
from core.web.company.users.wording import name_clients, name_offered
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import AccessRequest
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@party
@require_GET
@company_administrator
def requests(request: PortalRequest, actor: Actor) -> HttpResponse:
    """What waits for an answer."""
    return _page(request, actor)


@party
@require_http_methods(["GET", "POST"])
@company_administrator
@recent
def admit(request: PortalRequest, actor: Actor, wish_id: UUID) -> HttpResponse:
    """Make somebody who asked a user of the company, with what is chosen here."""
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        asked = _find(actor, wish_id)
        themes, clients = name_offered(request.caisse, company), name_clients(company)
    error: RelaisError | None = None
    if request.method == "POST":
        try:
            place = read_place(request, themes, clients)
            with tenant_transaction(request.caisse):
                made = asking.grant_joining(actor=actor, request_id=wish_id, place=place)
        except (InvalidInput, Conflict) as found:
            error = found
        else:
            messages.success(request, gettext("The access is given; the person is told how to enter."))
            return redirect("company_users_one", party=actor.party_id, membership_id=made.id)
    context: dict[str, Any] = {
        "asked": asked,
        "themes": list(themes.items()),
        "clients": list(clients.items()),
        **describe_place(None, request.POST if error else None, caisse_today(request.caisse)),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/company/users/admit.html", context, status=error.status if error else 200)


@party
@require_POST
@company_administrator
@recent
def answer(request: PortalRequest, actor: Actor, wish_id: UUID) -> HttpResponse:
    """Give a user what she asked for, or refuse."""
    try:
        with tenant_transaction(request.caisse):
            if request.POST.get("step") == "grant":
                asking.grant_within(actor=actor, request_id=wish_id)
            else:
                asking.refuse_request(actor=actor, request_id=wish_id, why=request.POST.get("why", ""))
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, error)
    messages.success(request, gettext("Answered; the person is told."))
    return redirect("company_requests", party=actor.party_id)


def _find(actor: Actor, request_id: UUID) -> AccessRequest:
    found = next((one for one in asking.list_waiting(actor) if one.id == request_id and one.number), None)
    if found is None:
        raise NotFound
    return found


def _page(request: PortalRequest, actor: Actor, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        clients = name_clients(access_company(actor))
        listed = [
            {
                "asked": one,
                "themes": name_themes(one.themes) if one.themes else "",
                "clients": ", ".join(clients.get(str(client), "") for client in one.clients),
            }
            for one in asking.list_waiting(actor)
        ]
    context = {"listed": listed, "refusal": in_words(error) if error else ""}
    return render(request, "web/company/users/requests.html", context, status=error.status if error else 200)
