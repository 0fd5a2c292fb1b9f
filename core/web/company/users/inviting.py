"""Giving somebody access for the company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.accounts.memberships.services import Newcomer, access_company, invite_member, invite_on_paper
from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.kernel.errors import Conflict, InvalidInput
from core.web.company.users.entries import describe_place, read_place
from core.web.company.users.policy import company_administrator
from core.web.company.users.slips import describe_ways, fill_address, prepare_password, read_slip, slip_page
from core.web.company.users.wording import name_clients, name_offered
from core.web.console.people.entries import read_address, read_way
from core.web.languages import NATIVE_NAMES
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from core.accounts.memberships.on_paper import Slip
    from core.accounts.memberships.place import MemberPlace
    from core.accounts.models import Membership, Party
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@party
@require_http_methods(["GET", "POST"])
@company_administrator
@recent
def invite(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Enter who it is, what she may do, and how the code goes there."""
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        themes, clients = name_offered(request.caisse, company), name_clients(company)
    if request.method != "POST":
        return _page(request, company, themes, clients)
    try:
        made, slip = _invite(request, actor, read_place(request, themes, clients))
    except (InvalidInput, Conflict) as error:
        return _page(request, company, themes, clients, error)
    if slip is not None:
        return slip_page(request, slip)
    messages.success(request, gettext("The access is given; the person is told how to enter."))
    return redirect("company_users_one", party=actor.party_id, membership_id=made.id)


def _invite(request: PortalRequest, actor: Actor, place: MemberPlace) -> tuple[Membership, Slip | None]:
    newcomer, way = read_newcomer(request.POST), read_slip(request.POST)
    if way is None:
        with tenant_transaction(request.caisse):
            return invite_member(actor=actor, newcomer=newcomer, place=place), None
    made = prepare_password(way)
    with tenant_transaction(request.caisse):
        return invite_on_paper(actor=actor, newcomer=newcomer, place=place, by=way, made=made)


def read_newcomer(posted: QueryDict) -> Newcomer:
    """Return the person of a form."""
    return Newcomer(
        posted.get("given_name", ""),
        posted.get("family_name", ""),
        posted.get("email", ""),
        posted.get("language", ""),
        read_way(posted),
        read_address(posted),
    )


def list_languages(request: PortalRequest) -> dict[str, Any]:
    """Return the languages of the caisse for a person's form."""
    section = configuration.get(request.caisse, LanguagesSection)
    return {
        "languages": [(code, NATIVE_NAMES[code]) for code in section.languages],
        "language": request.POST.get("language") or section.default,
    }


def _page(
    request: PortalRequest,
    company: Party,
    themes: dict[str, str],
    clients: dict[str, str],
    error: RelaisError | None = None,
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        ways, address = describe_ways(request.POST), fill_address(company)
    context: dict[str, Any] = {
        "typed": request.POST or address,
        "email_optional": True,
        "themes": list(themes.items()),
        "clients": list(clients.items()),
        **ways,
        **describe_place(None, request.POST if error else None, caisse_today(request.caisse)),
        **list_languages(request),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/company/users/invite.html", context, status=error.status if error else 200)
