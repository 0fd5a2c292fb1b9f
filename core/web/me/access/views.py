"""Where one is a user, who stands in from when to when, and asking for more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.accounts.memberships import asking, selectors, substitutes
from core.accounts.memberships.errors import RequestEmpty, SubstituteNotValid
from core.accounts.memberships.wording import name_themes
from core.accounts.models import Membership
from core.accounts.policy import caisse_today
from core.kernel.actors import Actor
from core.kernel.errors import Conflict, InvalidInput, NotFound, TooManyAttempts
from core.kernel.text import N_
from core.web.company.users.entries import read_day, read_id
from core.web.company.users.wording import describe_member, name_clients, name_offered
from core.web.policies import person, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import AccessRequest, User
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

STATES = {
    "waiting": N_("waits for an answer"),
    "granted": N_("granted"),
    "refused": N_("refused"),
    "withdrawn": N_("taken back"),
}
CHIPS = {"waiting": "info", "granted": "ok", "refused": "stop", "withdrawn": ""}


@person
@require_GET
def show(request: PortalRequest, user: User) -> HttpResponse:
    """Her places, substitutes and requests."""
    return _page(request, user)


@person
@require_POST
def join(request: PortalRequest, user: User) -> HttpResponse:
    """Ask a company for access by its number."""

    def work() -> str:
        asking.ask_to_join(
            actor=actor_of(request, user),
            user=user,
            number=request.POST.get("number", ""),
            why=request.POST.get("why", ""),
        )
        return gettext("Asked. If there is such a company, its administrators decide; you read the answer here.")

    return _do(request, user, work)


@person
@require_POST
def ask(request: PortalRequest, user: User) -> HttpResponse:
    """Ask for themes or clients in a company where she is a user."""

    def work() -> str:
        place = read_id(request.POST.get("place", ""))
        if place is None:
            raise RequestEmpty
        clients = [found for one in request.POST.getlist("client") if (found := read_id(one))]
        asking.ask_within(
            actor=actor_of(request, user),
            user=user,
            membership_id=place,
            themes=request.POST.getlist("theme"),
            clients=clients,
            why=request.POST.get("why", ""),
        )
        return gettext("Asked. The administrators of the company decide.")

    return _do(request, user, work)


@person
@require_POST
def withdraw(request: PortalRequest, user: User, wish_id: UUID) -> HttpResponse:
    """Take back a request."""

    def work() -> str:
        asking.withdraw_request(actor=actor_of(request, user), user=user, request_id=wish_id)
        return gettext("Taken back.")

    return _do(request, user, work)


@person
@require_POST
@recent
def substitute(request: PortalRequest, user: User) -> HttpResponse:
    """Name a colleague who stands in for her."""

    def work() -> str:
        posted = request.POST
        place, by = read_id(posted.get("place", "")), read_id(posted.get("by", ""))
        if place is None or by is None:
            raise SubstituteNotValid
        _check_own(user, place)
        substitutes.name_substitute(
            actor=actor_of(request, user),
            membership_id=place,
            by=by,
            first=read_day(posted.get("first", "")),
            last=read_day(posted.get("last", "")),
            administers=posted.get("administers") == "yes",
        )
        return gettext("The substitute is named; both are told.")

    return _do(request, user, work)


@person
@require_POST
@recent
def end_substitution(request: PortalRequest, user: User, substitution_id: UUID) -> HttpResponse:
    """End a substitution before its day, as either of the two."""

    def work() -> str:
        substitutes.end_substitute(actor=actor_of(request, user), substitution_id=substitution_id)
        return gettext("The substitution has ended.")

    return _do(request, user, work)


def actor_of(request: PortalRequest, user: User) -> Actor:
    """Return the actor for what is one's own, for no party."""
    return Actor(kind="party", name=user.name, user_id=user.id, assurance_level=request.identity.assurance_level)


def _check_own(user: User, place: UUID) -> None:
    if not Membership.objects.filter(id=place, user=user).exists():
        raise NotFound


def _do(request: PortalRequest, user: User, work: Callable[[], str]) -> HttpResponse:
    try:
        with tenant_transaction(request.caisse):
            said = work()
    except (InvalidInput, Conflict, TooManyAttempts) as error:
        return _page(request, user, error)
    messages.success(request, said)
    return redirect("me_access")


def _page(request: PortalRequest, user: User, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        places = [_describe_place(request, one) for one in _own_places(request, user)]
        asked = [_describe_request(one) for one in asking.list_own(user.id)]
    context: dict[str, Any] = {
        "places": places,
        "asked": asked,
        "typed": request.POST,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/access/page.html", context, status=error.status if error else 200)


def _own_places(request: PortalRequest, user: User) -> list[Membership]:
    today = caisse_today(request.caisse)
    found = Membership.objects.filter(
        selectors.in_state("active", today) | selectors.in_state("paused", today),
        user=user,
        substitute_for__isnull=True,
    )
    return list(found.select_related("user", "party").order_by("party__name", "id")[:20])


def _describe_place(request: PortalRequest, member: Membership) -> dict[str, Any]:
    clients = name_clients(member.party)
    offered = name_offered(request.caisse, member.party)
    colleagues = [one for one in selectors.list_colleagues(member.party_id) if one.user_id != member.user_id]
    lacking = [(slug, name) for slug, name in offered.items() if slug not in (member.themes or offered)]
    closed = (
        [] if member.clients is None else [one for one in clients.items() if one[0] not in map(str, member.clients)]
    )
    return {
        **describe_member(member, clients),
        "colleagues": colleagues,
        "substitutions": selectors.list_substitutions([member.id], [member.user_id], member.party_id),
        "lacking": lacking,
        "closed_clients": closed,
        "administrators": ", ".join(one.user.name for one in colleagues if one.role == "administrator"),
    }


def _describe_request(made: AccessRequest) -> dict[str, Any]:
    # Of a company whose number she typed she learns nothing more than the answer.
    named = made.number or (made.party.name if made.party else "")
    return {
        "asked": made,
        "whom": named,
        "themes": name_themes(made.themes) if made.themes else "",
        "state": gettext(STATES[made.state]),
        "chip": CHIPS[made.state],
    }
