"""One of the caisse's people: what she may do, her invitation, her history, and every change of these."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.accounts.invitations import reissue_invitation
from core.accounts.staff import selectors, services
from core.kernel.errors import Conflict, InvalidInput
from core.web.console.people.entries import read_address, read_place, read_way
from core.web.console.people.inviting import list_role_choices
from core.web.console.people.wording import describe_entry, describe_person, name_teams, name_themes
from core.web.policies import administrator, console, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.policies import View
    from core.web.requests import PortalRequest

    Work = Callable[[PortalRequest, Actor, UUID], str]


@console
@require_GET
def show(request: PortalRequest, actor: Actor, user_id: UUID) -> HttpResponse:
    """Who she is and what she may do."""
    return _page(request, actor, user_id)


def _act(work: Work) -> View:
    """Make an action of an administrator of what does it and returns what to say; a refusal stands on the page."""

    @console
    @require_POST
    @administrator
    @recent
    @wraps(work)
    def action(request: PortalRequest, actor: Actor, user_id: UUID) -> HttpResponse:
        try:
            with tenant_transaction(request.caisse):
                said = work(request, actor, user_id)
        except (InvalidInput, Conflict) as error:
            return _page(request, actor, user_id, error)
        messages.success(request, said)
        return redirect("console_people_person", user_id=user_id)

    return action


@_act
def change(request: PortalRequest, actor: Actor, user_id: UUID) -> str:
    """Change roles, themes and days."""
    wish = read_place(request).as_wish(request.POST.get("seen", ""))
    if services.change_place(actor=actor, user_id=user_id, wish=wish):
        return gettext("Saved. What was open in this person’s name has been ended; the next sign-in has the rest.")
    return gettext("Saved.")


@_act
def block(request: PortalRequest, actor: Actor, user_id: UUID) -> str:
    """Block the account at once."""
    services.block_person(actor=actor, user_id=user_id, reason=request.POST.get("reason", ""))
    return gettext("Blocked. Sessions and programs’ accesses have ended.")


@_act
def unblock(request: PortalRequest, actor: Actor, user_id: UUID) -> str:  # noqa: ARG001 -- the shape of an act
    """Let her in again."""
    services.unblock_person(actor=actor, user_id=user_id)
    return gettext("Unblocked.")


@_act
def end(request: PortalRequest, actor: Actor, user_id: UUID) -> str:  # noqa: ARG001 -- the shape of an act
    """End her work here."""
    services.end_person(actor=actor, user_id=user_id)
    return gettext("The work here has ended. What she did stays in the history.")


@_act
def reissue(request: PortalRequest, actor: Actor, user_id: UUID) -> str:
    """Send a new code; the earlier one stops working."""
    way = read_way(request.POST)
    reissue_invitation(actor=actor, user_id=user_id, by=way, address=read_address(request.POST))
    return gettext("A new code is on its way. The earlier one no longer counts.")


def _page(request: PortalRequest, actor: Actor, user_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        staff = selectors.access_staff(actor, user_id)
        names = name_themes(request.caisse, staff.themes or ())
        person = describe_person(staff, names, name_teams([user_id]))
        history = [describe_entry(one, names) for one in selectors.list_history(actor, user_id)]
    posted = request.POST if error is not None and "seen" in request.POST else None
    context: dict[str, Any] = {
        "person": person,
        "history": history,
        "seen": services.mark_of(services.place_of(staff)),
        "roles": list_role_choices(posted.getlist("role") if posted else staff.roles),
        "scope": posted.get("scope", "all") if posted else ("all" if staff.themes is None else "named"),
        "themes": list(names.items()),
        "chosen_themes": posted.getlist("theme") if posted else staff.themes or [],
        "first": posted.get("from", "") if posted else staff.valid_from.isoformat(),
        "last": posted.get("until", "") if posted else (staff.valid_until.isoformat() if staff.valid_until else ""),
        "typed": request.POST,
        "by": request.POST.get("by") or vars(staff)["last_way"],
        "may_change": "administrator" in actor.roles and person["staff"].ended_at is None,
        "is_self": actor.user_id == user_id,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/console/people/person.html", context, status=error.status if error else 200)
