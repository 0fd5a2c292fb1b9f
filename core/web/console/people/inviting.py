"""Inviting somebody to work for the caisse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.accounts.invitations import invite_staff
from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.kernel.errors import Conflict, InvalidInput
from core.web.console.people.entries import read_address, read_place, read_way
from core.web.console.people.wording import ROLE_HELPS, ROLES, name_themes
from core.web.languages import NATIVE_NAMES
from core.web.policies import administrator, console, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@console
@require_http_methods(["GET", "POST"])
@administrator
@recent
def invite(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Enter who it is, as what, and how the code goes there."""
    if request.method != "POST":
        return _page(request)
    posted = request.POST
    try:
        place = read_place(request)
        with tenant_transaction(request.caisse):
            invited = invite_staff(
                actor=actor,
                given_name=posted.get("given_name", ""),
                family_name=posted.get("family_name", ""),
                email=posted.get("email", ""),
                language=posted.get("language", ""),
                roles=place.roles,
                themes=place.themes,
                valid_from=place.valid_from,
                valid_until=place.valid_until,
                by=read_way(posted),
                address=read_address(posted),
            )
    except (InvalidInput, Conflict) as error:
        return _page(request, error)
    messages.success(request, gettext("The invitation is on its way."))
    return redirect("console_people_person", user_id=invited.user_id)


def _page(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    posted = request.POST
    languages = configuration.get(request.caisse, LanguagesSection)
    context: dict[str, Any] = {
        "typed": posted,
        "roles": list_role_choices(posted.getlist("role") if posted else ["clerk"]),
        "scope": posted.get("scope", "all"),
        "themes": list(name_themes(request.caisse).items()),
        "chosen_themes": posted.getlist("theme"),
        "first": posted.get("from") or caisse_today(request.caisse).isoformat(),
        "last": posted.get("until", ""),
        "by": read_way(posted),
        "languages": [(code, NATIVE_NAMES[code]) for code in languages.languages],
        "language": posted.get("language") or languages.default,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/console/people/invite.html", context, status=error.status if error else 200)


def list_role_choices(chosen: list[str]) -> list[tuple[str, str, str, bool]]:
    """Return the roles with name, help and whether each is ticked."""
    return [(role, gettext(label), gettext(ROLE_HELPS[role]), role in chosen) for role, label in ROLES.items()]
