"""The lists: who acts for the party, for whom she acts, what waits for her answer, what she asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.mandates import selectors
from core.accounts.mandates.selectors import MandateFilters
from core.accounts.models import Mandate
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import NotFound
from core.kernel.text import N_
from core.web.company.mandates.wording import STANDINGS, describe_mandate, describe_request
from core.web.policies import party
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

PARTS = {
    "given": N_("Who acts for us"),
    "held": N_("For whom we act"),
    "received": N_("To be answered"),
    "asked": N_("Asked for by us"),
}
LISTS = ("given", "held")


def may_keep(actor: Actor) -> bool:
    """Whether the reader keeps the mandates of the party in the address."""
    return actor.acting_party_id == actor.party_id and "administrator" in actor.roles


@party
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, actor: Actor) -> HttpResponse:
    """One of the lists with its counts. Names are searched by POST, since they belong in no address."""
    if actor.acting_party_id != actor.party_id:
        return _show_own(request, actor)
    part = _part(request, actor)
    search, standing = request.POST.get("q", "").strip()[:100], request.POST.get("standing", "")
    filters = MandateFilters(search, standing)
    with tenant_transaction(request.caisse):
        context = _list(request, actor, part, filters)
        received, asked = selectors.count_requests(actor.party)
        counts = selectors.count_mandates(actor.party, part, search) if part in LISTS else {}  # type: ignore[arg-type]  # one of the two
    waiting = {"received": received, "asked": asked}
    context |= {
        "part": part,
        "parts": [(one, gettext(PARTS[one]), waiting.get(one)) for one in _open_parts(actor)],
        "title": gettext(PARTS[part]),
        "counts": [(one, gettext(label), counts[one]) for one, label in STANDINGS.items() if counts],
        "filters": {"q": search, "standing": standing, "part": part},
        "may_keep": may_keep(actor),
    }
    return render(request, "web/company/mandates/list.html", context)


def _open_parts(actor: Actor) -> list[str]:
    # For whom an office acts is its administrators' to see; its users have their own clients in the menu.
    return list(PARTS) if may_keep(actor) else ["given"]


def _part(request: PortalRequest, actor: Actor) -> str:
    opened = _open_parts(actor)
    wanted = request.POST.get("part") or request.GET.get("part", "")
    kind = request.identity.find_seat(actor.party).party.kind
    usual = "held" if kind == "agent" and "held" in opened else "given"
    return wanted if wanted in opened else usual


def _list(request: PortalRequest, actor: Actor, part: str, filters: MandateFilters) -> dict[str, Any]:
    after, caisse = request.POST.get("cursor", ""), request.caisse
    if part == "received":
        received = selectors.list_received(actor.party, after=after)
        return {"requests": [describe_request(caisse, one) for one in received.rows], "next_cursor": received.after}
    if part == "asked":
        asked = selectors.list_asked(actor.party, after=after)
        return {"requests": [describe_request(caisse, one) for one in asked.rows], "next_cursor": asked.after}
    side: selectors.Side = "held" if part == "held" else "given"
    page = selectors.list_mandates(actor.party, side, filters, after=after)
    return {"mandates": [describe_mandate(caisse, one) for one in page.rows], "next_cursor": page.after}


def _show_own(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Show who acts for another on what that rests; the rest is not hers to see."""
    with tenant_transaction(request.caisse):
        found = Mandate.objects.filter(
            acting_party_id=actor.acting_party_id, for_party_id=actor.party, state="accepted"
        )
        listed = [describe_mandate(request.caisse, one) for one in found.select_related("acting_party", "for_party")]
    context = {"mandates": listed, "is_administrator": "administrator" in actor.roles}
    return render(request, "web/company/mandates/own.html", context)


@party
@require_POST
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """One of the two lists of mandates as a workbook."""
    part = _part(request, actor)
    if part not in LISTS or actor.acting_party_id != actor.party_id:
        raise NotFound
    side: selectors.Side = "held" if part == "held" else "given"
    filters = MandateFilters(request.POST.get("q", "").strip()[:100], request.POST.get("standing", ""))
    with tenant_transaction(request.caisse):
        page = selectors.list_mandates(actor.party, side, filters, limit=EXPORT_LIMIT)
        listed = [describe_mandate(request.caisse, one) for one in page.rows]
    return mandates_workbook(listed, gettext(PARTS[part]), f"{part}.xlsx")


def mandates_workbook(listed: list[dict[str, Any]], title: str, filename: str) -> HttpResponse:
    """Return mandates as a workbook to download."""
    columns = [
        ListColumn(gettext("Who acts"), width=36),
        ListColumn(gettext("Number")),
        ListColumn(gettext("For whom"), width=36),
        ListColumn(gettext("Number")),
        ListColumn(gettext("Themes"), width=40),
        ListColumn(gettext("Kinds of document"), width=40),
        ListColumn(gettext("Right"), width=18),
        ListColumn(gettext("From"), style="date"),
        ListColumn(gettext("Until"), style="date"),
        ListColumn(gettext("Rests on"), width=30),
        ListColumn(gettext("State")),
    ]
    body = [
        (
            one["mandate"].acting_party.name,
            one["mandate"].acting_party.number,
            one["mandate"].for_party.name,
            one["mandate"].for_party.number,
            one["themes"],
            one["types"],
            one["reach"],
            one["mandate"].valid_from,
            one["mandate"].valid_until,
            one["basis"],
            one["standing_label"],
        )
        for one in listed
    ]
    return list_workbook(columns, body, title=title, filename=filename)
