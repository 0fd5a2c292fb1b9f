"""The list of a company's users: search by POST, filters, counts, pages, workbook, and who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.memberships import asking, selectors
from core.accounts.memberships.services import access_company
from core.accounts.memberships.wording import ROLES
from core.intake.workbooks.columns import ListColumn
from core.web.company.users.policy import company_administrator
from core.web.company.users.wording import (
    STATES,
    describe_entries,
    describe_member,
    describe_substitutions,
    name_clients,
    name_offered,
)
from core.web.policies import party
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

_FIELDS = ("q", "role", "state", "theme")


@party
@require_http_methods(["GET", "POST"])
@company_administrator
def users(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Who may enter for the company. Names are searched by POST, since they belong in no address and in no log."""
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        filters = _read_filters(request)
        page = selectors.list_members(actor, filters, cursor=request.POST.get("cursor", ""))
        counts = selectors.count_members(actor, filters)
        clients = name_clients(company)
        substitutions = describe_substitutions(page.members, company)
        listed = [describe_member(one, clients) for one in page.members]
        waiting = asking.count_waiting(company.id)
        themes = name_offered(request.caisse, company)
    for one in listed:
        one["substitutions"] = substitutions.get(str(one["member"].id), [])
    context: dict[str, Any] = {
        "listed": listed,
        "next_cursor": page.next_cursor,
        "filters": {name: request.POST.get(name, "") for name in _FIELDS},
        "counts": [(state, gettext(label), counts[state]) for state, label in STATES.items()],
        "total": sum(counts.values()),
        "roles": [(role, gettext(label)) for role, label in ROLES.items()],
        "themes": list(themes.items()),
        "waiting": waiting,
    }
    return render(request, "web/company/users/list.html", context)


@party
@require_POST
@company_administrator
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The list with its filters as a workbook."""
    with tenant_transaction(request.caisse):
        clients = name_clients(access_company(actor))
        found = selectors.list_members(actor, _read_filters(request), limit=EXPORT_LIMIT).members
        listed = [describe_member(one, clients) for one in found]
    columns = [
        ListColumn(gettext("Family name"), width=24),
        ListColumn(gettext("Given name"), width=24),
        ListColumn(gettext("E-mail"), width=36),
        ListColumn(gettext("Role"), width=20),
        ListColumn(gettext("Themes"), width=40),
        ListColumn(gettext("Clients"), width=40),
        ListColumn(gettext("May"), width=20),
        ListColumn(gettext("From"), style="date"),
        ListColumn(gettext("Until"), style="date"),
        ListColumn(gettext("State")),
    ]
    body = [
        (
            one["user"].family_name,
            one["user"].given_name,
            one["user"].contact_email or one["signs_in_as"],
            one["role"],
            one["themes"],
            one["clients"],
            one["acts"],
            one["member"].valid_from,
            one["member"].valid_until,
            one["state_label"],
        )
        for one in listed
    ]
    return list_workbook(columns, body, title=gettext("Users"), filename="users.xlsx")


@party
@require_GET
@company_administrator
def changes(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Who changed what among the users, newest first."""
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        entries, older = selectors.list_history(company.id, before=request.GET.get("before", ""))
        history = describe_entries(entries, name_clients(company))
    return render(request, "web/company/users/changes.html", {"history": history, "older": older})


def _read_filters(request: PortalRequest) -> selectors.Filters:
    posted = request.POST
    return selectors.Filters(
        search=posted.get("q", "").strip()[:100],
        role=posted.get("role", ""),
        state=posted.get("state", ""),
        theme=posted.get("theme", ""),
    )
