"""The list of caisses: state, version, addresses, volumes, last error, how the last two days were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core.intake.workbooks.columns import ListColumn
from core.kernel.text import N_
from core.operator.caisses import acts, listing
from core.operator.caisses.charts import draw_ratings
from core.operator.caisses.listing import Filters, Line
from core.operator.policies import operator
from core.operator.samples.reading import list_ratings
from core.operator.samples.standing import REASONS
from core.web.views.downloads import list_workbook
from tenants import hosts
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest
    from tenants.hosts import Address

STATES = {"active": N_("open"), "suspended": N_("suspended"), "provisioning": N_("in the making")}
CHIPS = {"active": "ok", "suspended": "warn", "provisioning": "info"}
EXPORT_LIMIT = 10_000


@operator
@require_safe
def show(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """List the caisses, those that need attention first; asks the database three times, however many there are."""
    filters = Filters.of(request.GET.dict())
    with platform_transaction():
        listed = listing.list_caisses(filters, cursor=request.GET.get("cursor", ""))
        ratings = list_ratings(line.id for line in listed.lines)
    asked = {name: value for name, value in request.GET.items() if name != "cursor" and value}
    context = {
        "listed": [{**describe(line), "drawing": draw_ratings(ratings[line.id])} for line in listed.lines],
        "tabs": _tabs(filters, listed.counts),
        "filters": filters,
        "total": listed.counts["all"],
        "next_url": f"?{urlencode({**asked, 'cursor': listed.next_cursor})}" if listed.next_cursor else "",
        "export_query": urlencode(asked),
    }
    return render(request, "operator/caisses/list.html", context)


def describe(line: Line) -> dict[str, Any]:
    """Return what a page shows of a caisse, in the reader's language; its addresses come from memory."""
    entry = hosts.current().entries.get(line.id)
    addresses = [_written(one) for one in entry.addresses] if entry else []
    return {
        "line": line,
        "state": gettext(STATES[line.state]),
        "chip": CHIPS[line.state],
        "address": _written(entry.primary) if entry else "",
        "more_addresses": max(len(addresses) - 1, 0),
        "reasons": [(gettext(REASONS[one].label), REASONS[one].weight) for one in line.reasons if one in REASONS],
    }


def _written(address: Address) -> str:
    return f"{address.host}/{address.path_prefix}".rstrip("/")


def _tabs(filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    given = {"q": filters.search} if filters.search else {}
    wanted = [
        ("", gettext("All caisses"), counts["all"], {}),
        ("attention", gettext("Need attention"), counts["attention"], {"attention": "1"}),
        *((state, gettext(label).capitalize(), counts[state], {"state": state}) for state, label in STATES.items()),
    ]
    here = "attention" if filters.attention else filters.state
    return [
        {"label": label, "count": count, "url": f"?{urlencode({**given, **more})}", "current": name == here}
        for name, label, count, more in wanted
    ]


@operator
@require_safe
def export(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """The list as a workbook, with the same search and filters."""
    with platform_transaction():
        listed = listing.list_caisses(Filters.of(request.GET.dict()), limit=EXPORT_LIMIT)
    acts.note_export(actor=actor, action="caisses_exported")
    rows = [_row(describe(line)) for line in listed.lines]
    return list_workbook(_columns(), rows, title=gettext("Caisses"), filename="caisses.xlsx")


def _columns() -> list[ListColumn]:
    texts = (gettext("Name"), gettext("Short name"), gettext("Number"), gettext("State"), gettext("Address"))
    numbers = (
        gettext("Messages this month"),
        gettext("Mails this month"),
        gettext("SMS this month"),
        gettext("Letters this month"),
        gettext("Documents"),
        gettext("Bytes stored"),
        gettext("Effects waiting"),
    )
    return [
        *(ListColumn(text, width=24) for text in texts),
        *(ListColumn(text, style="integer") for text in numbers),
        ListColumn(gettext("Last error"), width=40),
        ListColumn(gettext("Attention"), width=40),
    ]


def _row(shown: dict[str, Any]) -> tuple[Any, ...]:
    line: Line = shown["line"]
    return (
        line.name, line.slug, line.number, shown["state"], shown["address"],
        line.messages, line.mails, line.sms, line.letters, line.documents, line.document_bytes, line.outbox_waiting,
        line.last_error, ", ".join(label for label, _weight in shown["reasons"]),
    )  # fmt: skip
