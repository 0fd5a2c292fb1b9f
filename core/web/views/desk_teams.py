"""The teams of the desk: every clerk sees them, an administrator keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.catalogue import offers
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import Conflict, InvalidInput
from core.messaging import desk_queue, desk_teams
from core.messaging.desk_colleagues import list_colleagues
from core.web.context import theme_name
from core.web.policies import desk
from core.web.views.downloads import list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.messaging.models import Team
    from core.web.requests import PortalRequest


@desk
@require_GET
def teams(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Who works together on what."""
    return _page(request, actor)


def _page(request: PortalRequest, actor: Actor, refusal: str = "", status: int = 200) -> HttpResponse:
    themes = [(one.slug, theme_name(request.caisse, one)) for one in offers.list_open_themes(request.caisse)]
    with tenant_transaction(request.caisse):
        listed = [_shown(one, dict(themes)) for one in desk_queue.list_teams()]
        colleagues = list_colleagues()
    context = {
        "teams": listed,
        "themes": themes,
        "colleagues": colleagues,
        "may_change": "administrator" in actor.roles,
        "refusal": refusal,
    }
    return render(request, "web/desk/teams.html", context, status=status)


def _shown(team: Team, themes: dict[str, str]) -> dict[str, Any]:
    members = sorted(((str(one.user_id), one.user.name) for one in team.members.all()), key=lambda one: one[1])
    return {
        "team": team,
        "theme_slugs": team.themes or [],
        "theme_names": [themes.get(slug, slug) for slug in team.themes or []],
        "member_ids": [user_id for user_id, _name in members],
        "member_names": [name for _user_id, name in members],
    }


@desk
@require_GET
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The teams with their members and themes, as a workbook; every clerk may have it, as the page."""
    del actor
    themes = {one.slug: theme_name(request.caisse, one) for one in offers.list_open_themes(request.caisse)}
    with tenant_transaction(request.caisse):
        listed = [_shown(one, themes) for one in desk_queue.list_teams()]
    columns = [
        ListColumn(gettext("Team"), width=30),
        ListColumn(gettext("Members"), width=50),
        ListColumn(gettext("Themes"), width=50),
    ]
    body = [
        (one["team"].name, ", ".join(one["member_names"]), ", ".join(one["theme_names"]) or gettext("All"))
        for one in listed
    ]
    return list_workbook(columns, body, title=gettext("Teams"), filename="teams.xlsx")


@desk
@require_POST
def save(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Make or change a team."""
    offered = {one.slug for one in offers.list_open_themes(request.caisse)}
    try:
        with tenant_transaction(request.caisse):
            desk_teams.save_team(
                actor=actor,
                team_id=next(iter(_ids([request.POST.get("team", "")])), None),
                name=request.POST.get("name", ""),
                themes=offered & set(request.POST.getlist("theme")),
                user_ids=_ids(request.POST.getlist("member")),
            )
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, gettext(error.message), error.status)
    messages.success(request, gettext("Team saved."))
    return redirect("desk_teams")


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@desk
@require_POST
def remove(request: PortalRequest, actor: Actor, team_id: UUID) -> HttpResponse:
    """Take a team away."""
    with tenant_transaction(request.caisse):
        desk_teams.remove_team(actor=actor, team_id=team_id)
    messages.success(request, gettext("Team removed."))
    return redirect("desk_teams")
