"""One user of a company: what she may do, her code, her substitute, her history, and every change of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.accounts.memberships import review, selectors, services, substitutes
from core.accounts.memberships.errors import SubstituteNotValid
from core.accounts.memberships.on_paper import list_renewals
from core.accounts.memberships.place import place_of
from core.accounts.memberships.services import access_company
from core.accounts.policy import caisse_today
from core.kernel import clock
from core.kernel.errors import Conflict, InvalidInput
from core.web.company.users.entries import describe_place, read_day, read_id, read_place
from core.web.company.users.policy import company_administrator
from core.web.company.users.slips import describe_ways, prepare_password, read_slip, slip_page
from core.web.company.users.wording import (
    describe_entries,
    describe_member,
    describe_substitutions,
    name_clients,
    name_offered,
)
from core.web.console.people.entries import read_address, read_way
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.memberships.on_paper import Way
    from core.accounts.models import Membership
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@party
@require_GET
@company_administrator
def show(request: PortalRequest, actor: Actor, membership_id: UUID) -> HttpResponse:
    """Who she is and what she may do."""
    return _page(request, actor, membership_id)


@party
@require_POST
@company_administrator
@recent
def change(request: PortalRequest, actor: Actor, membership_id: UUID) -> HttpResponse:
    """Change role, themes, clients and days; who takes the role from herself does not come back to this page."""
    own = False

    def work() -> str:
        nonlocal own
        member = selectors.get_member(actor, membership_id)
        themes = name_offered(request.caisse, member.party, member.themes or ())
        wanted = read_place(request, themes, _known_clients(member))
        own = member.user_id == actor.user_id and wanted.role != "administrator"
        seen = request.POST.get("seen", "")
        if services.change_member(actor=actor, membership_id=membership_id, wanted=wanted, seen=seen):
            return gettext("Saved. It holds from now on; programs’ accesses that reached further have ended.")
        return gettext("Saved.")

    return _do(request, actor, membership_id, work, lambda: own)


@party
@require_POST
@company_administrator
@recent
def reissue(request: PortalRequest, actor: Actor, membership_id: UUID) -> HttpResponse:
    """Send a new code or print a new slip; the earlier one stops working."""
    way = read_slip(request.POST)
    if way is not None:
        return _print(request, actor, membership_id, way)

    def work() -> str:
        way, address = read_way(request.POST), read_address(request.POST)
        services.reissue_code(actor=actor, membership_id=membership_id, by=way, address=address)
        return gettext("A new code is on its way. The earlier one no longer counts.")

    return _do(request, actor, membership_id, work)


@party
@require_POST
@company_administrator
@recent
def resume(request: PortalRequest, actor: Actor, membership_id: UUID) -> HttpResponse:
    """Let a paused user in again."""

    def work() -> str:
        review.resume_member(actor=actor, membership_id=membership_id)
        return gettext("The access is open again.")

    return _do(request, actor, membership_id, work)


@party
@require_POST
@company_administrator
@recent
def substitute(request: PortalRequest, actor: Actor, membership_id: UUID) -> HttpResponse:
    """Let a colleague stand in for her."""

    def work() -> str:
        by = read_id(request.POST.get("by", ""))
        if by is None:
            raise SubstituteNotValid
        substitutes.name_substitute(
            actor=actor,
            membership_id=membership_id,
            by=by,
            first=read_day(request.POST.get("first", "")),
            last=read_day(request.POST.get("last", "")),
            administers=request.POST.get("administers") == "yes",
        )
        return gettext("The substitute is named; both are told.")

    return _do(request, actor, membership_id, work)


@party
@require_POST
@company_administrator
@recent
def end_substitution(request: PortalRequest, actor: Actor, membership_id: UUID, substitution_id: UUID) -> HttpResponse:
    """End a substitution before its day."""

    def work() -> str:
        substitutes.end_substitute(actor=actor, substitution_id=substitution_id)
        return gettext("The substitution has ended.")

    return _do(request, actor, membership_id, work)


def _print(request: PortalRequest, actor: Actor, membership_id: UUID, way: Way) -> HttpResponse:
    made = prepare_password(way)
    try:
        with tenant_transaction(request.caisse):
            slip = services.reissue_slip(actor=actor, membership_id=membership_id, by=way, made=made)
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, membership_id, error)
    return slip_page(request, slip)


def _known_clients(member: Membership) -> set[str]:
    """Return whom the page offers: whom the company acts for, and whom the user has already."""
    return {*name_clients(member.party), str(member.party_id), *(str(one) for one in member.clients or ())}


def _do(
    request: PortalRequest,
    actor: Actor,
    membership_id: UUID,
    work: Callable[[], str],
    leaves: Callable[[], bool] = lambda: False,
) -> HttpResponse:
    try:
        with tenant_transaction(request.caisse):
            said = work()
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, membership_id, error)
    messages.success(request, said)
    if leaves():
        return redirect("home")
    return redirect("company_users_one", party=actor.party_id, membership_id=membership_id)


def _page(request: PortalRequest, actor: Actor, membership_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        member = selectors.get_member(actor, membership_id)
        clients = name_clients(company)
        themes = name_offered(request.caisse, company, member.themes or ())
        described = describe_member(member, clients)
        substitutions = describe_substitutions([member], company).get(str(member.id), [])
        entries, _older = selectors.list_history(company.id, membership_id=member.id)
        history = describe_entries(entries, clients)
        colleagues = [
            one for one in selectors.list_colleagues(company.id, apart=member.id) if one.user_id != member.user_id
        ]
        renewals = [] if described["state"] == "ended" else list_renewals(member)
    place = place_of(member)
    posted = request.POST if error is not None and "seen" in request.POST else None
    context: dict[str, Any] = {
        "person": described,
        "company": company,
        "substitutions": substitutions,
        "history": history,
        "colleagues": colleagues,
        "themes": list(themes.items()),
        "clients": list(clients.items()),
        "seen": place.mark,
        **describe_place(place, posted, caisse_today(request.caisse)),
        "typed": request.POST,
        **(describe_ways(request.POST, renewals) if renewals else {}),
        "is_run_out": member.user.password_expires_at is not None and member.user.password_expires_at <= clock.now(),
        "is_self": actor.user_id == member.user_id,
        "is_over": described["state"] == "ended",
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/company/users/one.html", context, status=error.status if error else 200)
