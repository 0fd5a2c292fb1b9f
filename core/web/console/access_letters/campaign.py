"""One campaign: how far it is, its file, what became of each letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.policy import caisse_day
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import Conflict
from core.letters import making, selectors
from core.letters.services import MOST_FETCHES, access_campaign, fetch_file
from core.web.console.access_letters.wording import (
    CHIPS,
    SIZES,
    draw_funnel,
    list_variants,
    name_letter_state,
    name_state,
)
from core.web.policies import administrator, console, recent
from core.web.views.desk_case import in_words
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.letters.models import Campaign, Letter
    from core.web.requests import PortalRequest


@console
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, actor: Actor, campaign_id: UUID) -> HttpResponse:
    """Numbers, chart and letters. Names are searched by POST, since they belong in no address and in no log."""
    return _page(request, actor, campaign_id)


def _page(request: PortalRequest, actor: Actor, campaign_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        campaign = access_campaign(actor, campaign_id)
        funnel = selectors.count_funnel(campaign)
        filters = {name: request.POST.get(name, "") for name in ("q", "state")}
        page = selectors.list_letters(
            campaign, state=filters["state"], search=filters["q"].strip()[:100], after=_after(request)
        )
    context: dict[str, Any] = {
        **_describe(campaign, actor),
        "funnel": funnel,
        "chart": draw_funnel(funnel) if funnel.sent else None,
        "counts": [(state, name_letter_state(state), count) for state, count in funnel.counts.items() if count],
        "listed": [_line(one) for one in page.letters],
        "after": page.after,
        "filters": filters,
        "unused": funnel.counts["open"] + funnel.counts["opened"] + funnel.counts["expired"],
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/console/access_letters/one.html", context, status=error.status if error else 200)


@console
@require_GET
def progress(request: PortalRequest, actor: Actor, campaign_id: UUID) -> HttpResponse:
    """Return the part of the page that shows how far it is; at the end it has the whole page loaded anew."""
    with tenant_transaction(request.caisse):
        campaign = access_campaign(actor, campaign_id)
    answer = render(request, "web/console/access_letters/progress.html", _describe(campaign, actor))
    if campaign.state != "making":
        answer["HX-Refresh"] = "true"
    return answer


@console
@require_POST
@administrator
@recent
def fetch(request: PortalRequest, actor: Actor, campaign_id: UUID) -> HttpResponseBase:
    """Hand the file out; each time is counted and written down."""
    try:
        with tenant_transaction(request.caisse):
            access_campaign(actor, campaign_id)
        content = fetch_file(actor=actor, caisse=request.caisse, campaign_id=campaign_id)
    except Conflict as error:
        return _page(request, actor, campaign_id, error)
    headers = {"Content-Disposition": 'attachment; filename="letters.pdf"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(content, content_type="application/pdf", headers=headers)


@console
@require_POST
@administrator
@recent
def clear(request: PortalRequest, actor: Actor, campaign_id: UUID) -> HttpResponse:
    """Delete the file once it is printed."""
    with tenant_transaction(request.caisse):
        access_campaign(actor, campaign_id)
    if making.clear_file(caisse=request.caisse, campaign_id=campaign_id, by=actor):
        messages.success(request, gettext("The file is deleted. The letters stay in the list."))
    return redirect("console_access_letters_one", campaign_id=campaign_id)


@console
@require_POST
def export(request: PortalRequest, actor: Actor, campaign_id: UUID) -> HttpResponse:
    """The letters with their states as a workbook."""
    with tenant_transaction(request.caisse):
        campaign = access_campaign(actor, campaign_id)
        found = selectors.list_letters(
            campaign,
            state=request.POST.get("state", ""),
            search=request.POST.get("q", "").strip()[:100],
            limit=EXPORT_LIMIT,
        ).letters
    columns = [
        ListColumn(gettext("Number"), width=18),
        ListColumn(gettext("Name"), width=40),
        ListColumn(gettext("Reference of the letter"), width=18),
        ListColumn(gettext("State"), width=24),
        ListColumn(gettext("Sent"), style="date"),
        ListColumn(gettext("Code typed"), style="date"),
        ListColumn(gettext("Access set up"), style="date"),
        ListColumn(gettext("Valid until"), style="date"),
        ListColumn(gettext("Came back"), style="date"),
    ]
    return list_workbook(columns, [_row(request, one) for one in found], title=campaign.name, filename="letters.xlsx")


def _row(request: PortalRequest, one: Letter) -> tuple[Any, ...]:
    code = one.activation
    days = [
        one.made_at,
        code.opened_at if code else None,
        code.used_at if code else None,
        code.expires_at if code else None,
        one.returned_at,
    ]
    named = (one.party.number, one.party.name, one.reference, name_letter_state(vars(one)["state"]))
    return (*named, *(caisse_day(request.caisse, at) if at else None for at in days))


def _line(one: Letter) -> dict[str, Any]:
    state = vars(one)["state"]
    return {"letter": one, "party": one.party, "state": name_letter_state(state), "chip": CHIPS.get(state, "")}


def _describe(campaign: Campaign, actor: Actor) -> dict[str, Any]:
    done = campaign.made + campaign.skipped
    return {
        "campaign": campaign,
        "state": name_state(campaign),
        "done": done,
        "percent": min(99, 100 * done // campaign.total),
        "text": dict(list_variants()).get(campaign.text, campaign.text),
        "size": gettext(SIZES[campaign.print]),
        "fetches_left": MOST_FETCHES - campaign.fetched,
        "may_change": "administrator" in actor.roles,
    }


def _after(request: PortalRequest) -> int:
    text = request.POST.get("after", "")
    return int(text) if text.isdecimal() and len(text) < len("1000000000") else 0
