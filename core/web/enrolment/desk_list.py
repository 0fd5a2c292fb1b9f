"""The clerks' list of applications: counts, search by POST, filters, pages, workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.policy import caisse_day
from core.configuration import configuration
from core.enrolment import selectors
from core.enrolment.deciding import check_may_decide
from core.enrolment.section import EnrolmentSection
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import NotPermitted
from core.web.enrolment.wording import STATES, WAYS, describe_application
from core.web.policies import desk
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

_FIELDS = ("q", "way", "state")


@desk
@require_http_methods(["GET", "POST"])
def applications(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Who asks for an access. Names and numbers are searched by POST, since they belong in no address."""
    filters = _read_filters(request)
    with tenant_transaction(request.caisse):
        page = selectors.list_applications(actor, filters, cursor=request.POST.get("cursor", ""))
        counts = selectors.count_applications(actor, filters)
    section = configuration.get(request.caisse, EnrolmentSection)
    context: dict[str, Any] = {
        "listed": [describe_application(request.caisse, one) for one in page.applications],
        "next_cursor": page.next_cursor,
        "filters": {name: request.POST.get(name, "") for name in _FIELDS},
        "counts": [(state, gettext(label), counts[state]) for state, label in STATES.items()],
        "total": sum(counts.values()),
        "ways": [(way, gettext(label)) for way, label in WAYS.items()],
        "at_the_counter": section.is_open("counter") and may_decide(actor),
        "by_invitation": section.is_open("invitation") and may_decide(actor),
    }
    return render(request, "web/enrolment/desk/list.html", context)


@desk
@require_POST
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The list with its filters as a workbook."""
    with tenant_transaction(request.caisse):
        found = selectors.list_applications(actor, _read_filters(request), limit=EXPORT_LIMIT).applications
    columns = [
        ListColumn(gettext("Reference")),
        ListColumn(gettext("Number"), width=22),
        ListColumn(gettext("Name"), width=40),
        ListColumn(gettext("Kind"), width=24),
        ListColumn(gettext("Way"), width=24),
        ListColumn(gettext("State"), width=24),
        ListColumn(gettext("Terms accepted"), style="date"),
        ListColumn(gettext("Received"), style="date"),
        ListColumn(gettext("Decided"), style="date"),
        ListColumn(gettext("Codes sent"), style="date"),
        ListColumn(gettext("E-mail"), width=36),
    ]
    body = []
    for one in found:
        shown = describe_application(request.caisse, one)
        days = [_day(request, at) for at in (one.accepted_at, one.submitted_at, one.decided_at, one.codes_sent_at)]
        body.append(
            (one.reference, shown["number"], one.name, shown["kind"], shown["way"], shown["state"], *days, one.email)
        )
    return list_workbook(columns, body, title=gettext("Applications"), filename="applications.xlsx")


def may_decide(actor: Actor) -> bool:
    """Whether the reader decides on applications, or only reads them."""
    try:
        check_may_decide(actor)
    except NotPermitted:
        return False
    return True


def _day(request: PortalRequest, at: datetime | None) -> date | None:
    return caisse_day(request.caisse, at) if at else None


def _read_filters(request: PortalRequest) -> selectors.Filters:
    posted = request.POST
    state = posted.get("state", "")
    return selectors.Filters(
        search=posted.get("q", "").strip()[:100],
        way=posted.get("way", "") if posted.get("way", "") in WAYS else "",
        state=state if state in {*STATES, "all"} else "",
    )
