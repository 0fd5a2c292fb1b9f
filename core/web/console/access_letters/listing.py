"""The list of campaigns, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from core.accounts.policy import caisse_day
from core.intake.workbooks.columns import ListColumn
from core.letters import selectors
from core.web.console.access_letters.wording import name_state
from core.web.policies import console
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.letters.models import Campaign
    from core.web.requests import PortalRequest


@console
@require_GET
def index(request: PortalRequest, actor: Actor) -> HttpResponse:
    """All campaigns, with how many letters were used."""
    with tenant_transaction(request.caisse):
        campaigns, after = selectors.list_campaigns(before=_cursor(request))
    context = {
        "listed": [_describe(one) for one in campaigns],
        "after": after,
        "may_change": "administrator" in actor.roles,
    }
    return render(request, "web/console/access_letters/list.html", context)


@console
@require_GET
def export(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """The list as a workbook."""
    with tenant_transaction(request.caisse):
        campaigns, _after = selectors.list_campaigns(limit=EXPORT_LIMIT)
    columns = [
        ListColumn(gettext("Name"), width=40),
        ListColumn(gettext("Begun"), style="date"),
        ListColumn(gettext("By"), width=24),
        ListColumn(gettext("State")),
        ListColumn(gettext("Letters"), style="integer"),
        ListColumn(gettext("Access set up"), style="integer"),
    ]
    body = [
        (
            one.name,
            caisse_day(request.caisse, one.created_at),
            one.created_by_name,
            name_state(one),
            one.made,
            vars(one)["used_count"],
        )
        for one in campaigns
    ]
    return list_workbook(columns, body, title=gettext("Activation letters"), filename="campaigns.xlsx")


def _describe(one: Campaign) -> dict[str, Any]:
    used = vars(one)["used_count"]
    return {
        "campaign": one,
        "state": name_state(one),
        "used": used,
        "percent": round(100 * used / one.made) if one.made else 0,
    }


def _cursor(request: PortalRequest) -> str:
    try:
        return str(UUID(request.GET.get("after", "")))
    except ValueError:
        return ""
