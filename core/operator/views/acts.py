"""What was done on the platform, as page and as workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core.intake.workbooks.columns import ListColumn
from core.operator import acts
from core.operator.audit import list_actions
from core.operator.policies import operator
from core.operator.views.workbooks import workbook
from core.web.context import PLATFORM_ZONE
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest

EXPORT_LIMIT = 100_000


@operator
@require_safe
def show(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """Show one page of what fits the filters."""
    filters = acts.Filters.read(request.GET.dict())
    with platform_transaction():
        total = filters.apply(PLATFORM_ZONE).count()
        page, cursor = acts.list_page(filters, zone=PLATFORM_ZONE, cursor=request.GET.get("cursor", ""))
        names = acts.list_names()
    query = request.GET.copy()
    query.pop("cursor", None)
    export_query = query.urlencode()
    query["cursor"] = cursor
    context = {
        "listed": [(act, _label(act.action), acts.name_actor(act), acts.describe(act)) for act in page],
        "total": total,
        "filters": request.GET,
        "actions": sorted(((name, _label(name)) for name in list_actions()), key=lambda one: one[1]),
        "operators": names,
        "next_query": query.urlencode() if cursor else "",
        "export_query": export_query,
    }
    return render(request, "operator/acts.html", context)


@operator
@require_safe
def export(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """Give all that fits as a workbook."""
    filters = acts.Filters.read(request.GET.dict())
    with platform_transaction():
        found = list(filters.apply(PLATFORM_ZONE)[:EXPORT_LIMIT])
    columns = [
        ListColumn(gettext("When"), style="moment"),
        ListColumn(gettext("What"), width=36),
        ListColumn(gettext("Concerning"), width=28),
        ListColumn(gettext("Who"), width=28),
        ListColumn(gettext("Caisse")),
        ListColumn(gettext("Details"), width=50, wrapped=True),
    ]
    zone = ZoneInfo(PLATFORM_ZONE)
    rows = [
        (
            act.at.astimezone(zone).replace(tzinfo=None),
            _label(act.action),
            act.about_name,
            acts.name_actor(act),
            act.caisse_slug,
            acts.describe(act),
        )
        for act in found
    ]
    return workbook(columns, rows, title=gettext("What was done"), filename="platform-acts.xlsx")


def _label(action: str) -> str:
    label = list_actions().get(action)
    return gettext(label) if label else action
