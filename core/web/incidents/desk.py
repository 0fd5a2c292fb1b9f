"""Reports at the desk: the list, one report, taking it in hand, giving the access back on proof, enrolling anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.incidents import recovery, selectors, services, words
from core.accounts.incidents.errors import PersonUnknown
from core.accounts.incidents.selectors import Filters
from core.accounts.invitations.sending import short_address
from core.accounts.models import User
from core.accounts.names import resolve_name
from core.accounts.policy import caisse_now
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import Conflict, InvalidInput, NotPermitted
from core.web.incidents.papers import receipt_answer
from core.web.incidents.public import read_report
from core.web.incidents.wording import describe, list_kinds
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import Incident
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@desk
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def incidents(request: PortalRequest, actor: Actor) -> HttpResponse:
    """All reports, those that wait first; searched by POST, since a name belongs in no address."""
    asked = request.POST if request.method == "POST" else request.GET
    filters = Filters(state=asked.get("state", ""), search=asked.get("q", "").strip())
    with tenant_transaction(request.caisse):
        page = selectors.list_incidents(actor, filters, cursor=asked.get("cursor", ""))
        counts = selectors.count_incidents(actor, filters.search)
    context = {
        "listed": [describe(one) for one in page.rows],
        "next_cursor": page.next_cursor,
        "filters": filters,
        "counts": [(state, gettext(words.STATES[state]), count) for state, count in counts.items()],
        "total": sum(counts.values()),
        "may_report": bool(actor.roles & selectors.DESK_ROLES),
    }
    return render(request, "web/incidents/list.html", context)


@desk
@require_POST
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The reports that fit, as a workbook."""
    filters = Filters(state=request.POST.get("state", ""), search=request.POST.get("q", "").strip())
    with tenant_transaction(request.caisse):
        rows = selectors.list_incidents(actor, filters, limit=EXPORT_LIMIT).rows
    return incident_workbook(request, rows)


def incident_workbook(request: PortalRequest, rows: list[Incident]) -> HttpResponse:
    """Return reports as a workbook."""
    columns = [
        ListColumn(gettext("Received"), style="moment"),
        ListColumn(gettext("Reference")),
        ListColumn(gettext("Person"), width=30),
        ListColumn(gettext("What was reported"), width=34),
        ListColumn(gettext("State")),
        ListColumn(gettext("Outcome"), width=34),
        ListColumn(gettext("Handled by"), width=30),
    ]
    body = [
        (
            caisse_now(request.caisse, one.reported_at).replace(tzinfo=None),
            one.reference,
            one.user.name,
            (said := describe(one))["title"],
            said["state_label"],
            said["outcome"],
            one.handler_name,
        )
        for one in rows
    ]
    return list_workbook(columns, body, title=gettext("Reports"), filename="reports.xlsx")


@desk
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent
def report(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Block somebody's access who is on the telephone or at the counter."""
    if not actor.roles & selectors.DESK_ROLES:
        raise NotPermitted
    error: InvalidInput | None = None
    if request.method == "POST":
        try:
            wanted = read_report(request, proof="clerk")
            with tenant_transaction(request.caisse):
                name = resolve_name(request.caisse, request.POST.get("name", ""))
                user = User.objects.filter(sign_in_name=name).exclude(state="left").first()
                if user is None:
                    raise PersonUnknown
                made = services.report_incident(actor=actor, user=user, report=wanted)
        except InvalidInput as refused:
            error = refused
        else:
            messages.success(request, gettext("The access is blocked."))
            return redirect("desk_incident", incident_id=made.id)
    context = {
        "kinds": list_kinds(),
        "typed": request.POST,
        "longest": services.LONGEST_NOTE,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/incidents/report.html", context, status=error.status if error else 200)


@desk
@never_cache
@require_GET
def incident(request: PortalRequest, actor: Actor, incident_id: UUID) -> HttpResponse:
    """One report and the ways back."""
    return _page(request, actor, incident_id)


@desk
@require_GET
def receipt(request: PortalRequest, actor: Actor, incident_id: UUID) -> HttpResponse:
    """The receipt, as the person has it."""
    with tenant_transaction(request.caisse):
        found = selectors.access_incident(actor, incident_id)
    return receipt_answer(request.caisse, found)


@desk
@require_POST
def take(request: PortalRequest, actor: Actor, incident_id: UUID) -> HttpResponse:
    """Take a report in hand."""
    work = lambda: recovery.take_incident(actor=actor, incident_id=incident_id)  # noqa: E731 -- handed on below
    return _do(request, actor, incident_id, work, gettext("This report is now yours."))


@desk
@require_POST
@recent
def give_back(request: PortalRequest, actor: Actor, incident_id: UUID) -> HttpResponse:
    """Open the access again as it was."""
    proof = request.POST.get("proof", "")
    work = lambda: recovery.give_back_access(actor=actor, incident_id=incident_id, proof=proof)  # noqa: E731 -- handed on below
    return _do(request, actor, incident_id, work, gettext("The access is open again."))


@desk
@require_POST
def close(request: PortalRequest, actor: Actor, incident_id: UUID) -> HttpResponse:
    """Settle a report without touching the access."""
    note = request.POST.get("note", "")
    work = lambda: recovery.close_incident(actor=actor, incident_id=incident_id, note=note)  # noqa: E731 -- handed on below
    return _do(request, actor, incident_id, work, gettext("The report is settled."))


@desk
@never_cache
@require_POST
@recent
def enrol(request: PortalRequest, actor: Actor, incident_id: UUID) -> HttpResponse:
    """Send a code by mail or letter, or show the one to hand over at the counter, once."""
    posted = request.POST
    by: recovery.By = "letter" if "letter" in posted else "counter" if "counter" in posted else "mail"
    try:
        with tenant_transaction(request.caisse):
            made = recovery.enrol_anew(
                actor=actor,
                incident_id=incident_id,
                by=by,
                proof=posted.get("proof", ""),
                address=[line for line in posted.get("address", "").splitlines() if line.strip()],
            )
            where = short_address()
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, incident_id, error)
    if made.code:
        return render(
            request,
            "web/incidents/slip.html",
            describe(made.incident) | {"code": made.code, "page_address": where},
        )
    messages.success(request, gettext("The code is on its way; with it the person enrols anew."))
    return redirect("desk_incident", incident_id=incident_id)


def _do(request: PortalRequest, actor: Actor, incident_id: UUID, work: Callable[[], object], said: str) -> HttpResponse:
    try:
        with tenant_transaction(request.caisse):
            work()
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, incident_id, error)
    messages.success(request, said)
    return redirect("desk_incident", incident_id=incident_id)


def _page(request: PortalRequest, actor: Actor, incident_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        found = selectors.access_incident(actor, incident_id)
        context: dict[str, Any] = describe(found) | {
            "may_recover": selectors.may_recover(actor, found),
            "is_blocked": found.blocked and found.recovered_at is None,
            "places": selectors.list_places(found.user_id),
            "typed": request.POST,
            "longest": services.LONGEST_NOTE,
            "refusal": in_words(error) if error else "",
        }
    return render(request, "web/incidents/one.html", context, status=error.status if error else 200)
