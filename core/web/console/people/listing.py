"""The list of the caisse's people: search by POST, filters, counts, pages, workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.staff import selectors
from core.intake.workbooks.columns import ListColumn
from core.messaging import desk_queue
from core.web.console.people.wording import ROLES, STATES, describe_person, name_teams, name_themes
from core.web.policies import console
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.messaging.models import Team
    from core.web.requests import PortalRequest

_FIELDS = ("q", "role", "state", "theme", "team")


@console
@require_http_methods(["GET", "POST"])
def people(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Who works here. Names are searched by POST, since they belong in no address and in no log."""
    names = name_themes(request.caisse)
    with tenant_transaction(request.caisse):
        teams = desk_queue.list_teams()
        filters = _read_filters(request, teams)
        page = selectors.list_staff(actor, filters, cursor=request.POST.get("cursor", ""))
        counts = selectors.count_staff(actor, filters)
        of_people = name_teams(one.user_id for one in page.people)
        listed = [describe_person(one, names, of_people) for one in page.people]
    context: dict[str, Any] = {
        "listed": listed,
        "next_cursor": page.next_cursor,
        "filters": {name: request.POST.get(name, "") for name in _FIELDS},
        "counts": [(state, gettext(label), counts[state]) for state, label in STATES.items()],
        "total": sum(counts.values()),
        "roles": [(role, gettext(label)) for role, label in ROLES.items()],
        "themes": list(names.items()),
        "teams": [(str(one.id), one.name) for one in teams],
        "may_change": "administrator" in actor.roles,
    }
    return render(request, "web/console/people/list.html", context)


@console
@require_POST
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The list with its filters as a workbook."""
    names = name_themes(request.caisse)
    with tenant_transaction(request.caisse):
        filters = _read_filters(request, desk_queue.list_teams())
        found = selectors.list_staff(actor, filters, limit=EXPORT_LIMIT).people
        of_people = name_teams(one.user_id for one in found)
        listed = [describe_person(one, names, of_people) for one in found]
    return _workbook(listed)


def _read_filters(request: PortalRequest, teams: list[Team]) -> selectors.Filters:
    posted = request.POST
    team = next((one for one in teams if str(one.id) == posted.get("team")), None)
    members: list[UUID] | None = None if team is None else [one.user_id for one in team.members.all()]
    return selectors.Filters(
        search=posted.get("q", "").strip()[:100],
        role=posted.get("role", ""),
        state=posted.get("state", ""),
        theme=posted.get("theme", ""),
        user_ids=members,
    )


def _workbook(listed: list[dict[str, Any]]) -> HttpResponse:
    columns = [
        ListColumn(gettext("Family name"), width=24),
        ListColumn(gettext("Given name"), width=24),
        ListColumn(gettext("E-mail"), width=36),
        ListColumn(gettext("Roles"), width=30),
        ListColumn(gettext("Themes"), width=40),
        ListColumn(gettext("Teams"), width=24),
        ListColumn(gettext("From"), style="date"),
        ListColumn(gettext("Until"), style="date"),
        ListColumn(gettext("State")),
    ]
    body = [
        (
            one["user"].family_name,
            one["user"].given_name,
            one["user"].contact_email or one["user"].sign_in_name,
            one["roles"],
            one["themes"],
            one["teams"],
            one["staff"].valid_from,
            one["staff"].valid_until,
            one["state_label"],
        )
        for one in listed
    ]
    return list_workbook(columns, body, title=gettext("People and roles"), filename="people.xlsx")
