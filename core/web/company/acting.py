"""Who acted for the company, what was reported about its people's access, and who of the caisse opened a file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.incidents import recovery, selectors
from core.accounts.incidents.selectors import Filters
from core.accounts.policy import caisse_now
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import Conflict, InvalidInput, NotFound
from core.messaging import acts
from core.web.company.wording import describe_acts, describe_opening
from core.web.incidents.desk import incident_workbook
from core.web.incidents.wording import describe
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

PERSONS = ("insured", "self_employed")


@party
@require_http_methods(["GET", "HEAD", "POST"])
def list_acts(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Every act in the company's name, newest first; a name is searched for by POST."""
    asked = request.POST if request.method == "POST" else request.GET
    filters = _filters(request)
    with tenant_transaction(request.caisse):
        page = acts.list_acts(actor, filters, cursor=asked.get("cursor", ""))
        context: dict[str, Any] = {
            "total": acts.count_acts(actor, filters),
            "listed": describe_acts(page.rows),
            "next_cursor": page.next_cursor,
            "filters": {name: asked.get(name, "") for name in ("q", "by", "since", "until")},
        }
    return render(request, "web/company/acts.html", context)


@party
@require_POST
def export_acts(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The acts that fit, as a workbook."""
    with tenant_transaction(request.caisse):
        described = describe_acts(acts.list_acts(actor, _filters(request), limit=EXPORT_LIMIT).rows)
    columns = [
        ListColumn(gettext("When"), style="moment"),
        ListColumn(gettext("Who"), width=30),
        ListColumn(gettext("Company"), width=30),
        ListColumn(gettext("What"), width=50),
        ListColumn(gettext("Case"), width=50),
        ListColumn(gettext("Details"), width=40),
        ListColumn(gettext("Report"), width=24),
    ]
    body = [
        (
            caisse_now(request.caisse, one["at"]).replace(tzinfo=None),
            *(one[name] for name in ("actor", "company", "label", "case", "detail", "marked")),
        )
        for one in described
    ]
    return list_workbook(columns, body, title=gettext("Acts"), filename="acts.xlsx")


@party
@require_GET
def opened(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Who of the caisse opened a person's data, on which day and why."""
    _check_is_person(request, actor)
    with tenant_transaction(request.caisse):
        page = acts.list_openings(actor.party, cursor=request.GET.get("cursor", ""))
        total = acts.count_openings(actor.party)
        listed = describe_opening(page.rows)
    context = {"listed": listed, "next_cursor": page.next_cursor, "total": total}
    return render(request, "web/company/opened.html", context)


@party
@require_GET
def export_opened(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The same as a workbook."""
    _check_is_person(request, actor)
    with tenant_transaction(request.caisse):
        listed = describe_opening(acts.list_openings(actor.party, limit=EXPORT_LIMIT).rows)
    columns = [
        ListColumn(gettext("When"), style="moment"),
        ListColumn(gettext("Who"), width=30),
        ListColumn(gettext("What"), width=30),
        ListColumn(gettext("Why"), width=60),
    ]
    body = [
        (caisse_now(request.caisse, one["at"]).replace(tzinfo=None), one["actor"], one["label"], one["reason"])
        for one in listed
    ]
    return list_workbook(columns, body, title=gettext("Who opened my data"), filename="opened.xlsx")


@party
@never_cache
@require_GET
def incidents(request: PortalRequest, actor: Actor) -> HttpResponse:
    """What the company's people reported about their access; for its administrators."""
    return _incidents_page(request, actor)


@party
@require_GET
def export_incidents(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The same as a workbook."""
    _check_administers(actor)
    with tenant_transaction(request.caisse):
        rows = selectors.list_incidents(actor, Filters(state="all"), limit=EXPORT_LIMIT).rows
    return incident_workbook(request, rows)


@party
@require_POST
@recent
def enrol(request: PortalRequest, actor: Actor, incident_id: UUID) -> HttpResponse:
    """Send one of the company's people a code to enrol anew."""
    _check_administers(actor)
    by: recovery.By = "letter" if "letter" in request.POST else "mail"
    try:
        with tenant_transaction(request.caisse):
            address = [line for line in request.POST.get("address", "").splitlines() if line.strip()]
            recovery.enrol_anew(actor=actor, incident_id=incident_id, by=by, address=address)
    except (InvalidInput, Conflict) as error:
        return _incidents_page(request, actor, error)
    messages.success(request, gettext("The code is on its way; with it the person enrols anew."))
    return redirect("company_incidents", party=actor.party_id)


def _incidents_page(request: PortalRequest, actor: Actor, error: RelaisError | None = None) -> HttpResponse:
    _check_administers(actor)
    with tenant_transaction(request.caisse):
        page = selectors.list_incidents(actor, Filters(state="all"), cursor=request.GET.get("cursor", ""))
        open_ones = selectors.list_recoverable(actor, page.rows)
    context = {
        "listed": [describe(one) | {"may_recover": one.id in open_ones} for one in page.rows],
        "next_cursor": page.next_cursor,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/company/incidents.html", context, status=error.status if error else 200)


def _filters(request: PortalRequest) -> acts.Filters:
    asked = request.POST if request.method == "POST" else request.GET
    by = asked.get("by", "")
    return acts.Filters(
        search=asked.get("q", "").strip(),
        by="program" if by == "program" else "person" if by == "person" else "",
        since=_start(request, asked.get("since", "")),
        before=_start(request, asked.get("until", ""), days=1),
    )


def _start(request: PortalRequest, text: str, days: int = 0) -> datetime | None:
    """Return the beginning of an entered day where the caisse is; what cannot be read counts as not given."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time(), ZoneInfo(configuration.get(request.caisse, LocaleSection).time_zone))


def _check_is_person(request: PortalRequest, actor: Actor) -> None:
    if request.identity.find_seat(actor.party).party.kind not in PERSONS:
        raise NotFound


def _check_administers(actor: Actor) -> None:
    if "administrator" not in actor.roles:
        raise NotFound
