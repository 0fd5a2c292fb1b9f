"""For whom one acts: all of them, searched and paged; the same search as a fragment for the frame's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.clients import list_clients
from core.intake.workbooks.columns import ListColumn
from core.web.clients import FEW, link_parties, list_in_menu
from core.web.policies import person
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.web.requests import PortalRequest

LONGEST_SEARCH = 100


@person
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, user: User) -> HttpResponse:
    """The list, or what the menu asks for while one types. Searched by POST, since a name belongs in no address."""
    search = _search(request)
    if request.headers.get("HX-Request"):
        with tenant_transaction(request.caisse):
            few, _more = list_in_menu(request, FEW, search)
        return render(request, "web/parts/seats.html", {"seats": few})
    with tenant_transaction(request.caisse):
        page = list_clients(user.id, search=search, after=request.POST.get("cursor", ""))
        seats = link_parties(request, user.id, page.rows)
    context = {"seats": seats, "search": search, "filters": {"q": search}, "next_cursor": page.after}
    return render(request, "web/clients.html", context)


@person
@require_POST
def export(request: PortalRequest, user: User) -> HttpResponse:
    """The same as a workbook."""
    with tenant_transaction(request.caisse):
        found = list_clients(user.id, search=_search(request), limit=EXPORT_LIMIT).rows
        seats = link_parties(request, user.id, found)
    columns = [
        ListColumn(gettext("Number")),
        ListColumn(gettext("Name"), width=40),
        ListColumn(gettext("Inbox"), style="integer"),
    ]
    body = [(one.number, one.name, one.inbox) for one in seats]
    return list_workbook(columns, body, title=gettext("Clients"), filename="clients.xlsx")


def _search(request: PortalRequest) -> str:
    return request.POST.get("q", "").strip()[:LONGEST_SEARCH]
