"""Usage per caisse and month, on a page and as a workbook."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core.intake.workbooks.columns import ListColumn
from core.kernel import clock
from core.operator.caisses import acts
from core.operator.caisses.access import access_caisse
from core.operator.policies import operator
from core.operator.samples.reading import Usage, list_usage
from core.web.views.downloads import list_workbook
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest

MONTHS_OFFERED = 36
FLOWS = ("messages", "mails", "sms", "letters")


@operator
@require_safe
def show(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """One month of all caisses, with the sums."""
    month = _month(request.GET.get("month", ""))
    with platform_transaction():
        usage = list_usage(since=month, until=_next(month))
    context = {
        "usage": usage,
        "sums": {name: sum(getattr(one, name) for one in usage) for name in FLOWS},
        "stored": sum(one.last_bytes or 0 for one in usage),
        "month": month,
        "months": _offered(),
        "export_query": urlencode({"from": month.isoformat()[:7], "to": month.isoformat()[:7]}),
    }
    return render(request, "operator/caisses/usage.html", context)


@operator
@require_safe
def export(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Usage as a workbook: of all caisses or one, from a month to a month."""
    since, until = _month(request.GET.get("from", "")), _month(request.GET.get("to", ""))
    caisse_id = request.GET.get("caisse", "")
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id) if caisse_id else None
        usage = list_usage(since=since, until=_next(until), caisse_id=caisse_id)
    acts.note_export(actor=actor, action="usage_exported", caisse=caisse.ref if caisse else None)
    name = f"usage-{caisse.slug if caisse else 'all'}-{since:%Y-%m}-{until:%Y-%m}.xlsx"
    return list_workbook(_columns(), [_row(one) for one in usage], title=gettext("Usage"), filename=name)


def _columns() -> list[ListColumn]:
    return [
        ListColumn(gettext("Month"), style="date"),
        ListColumn(gettext("Caisse"), width=30),
        ListColumn(gettext("Short name")),
        ListColumn(gettext("Identifier")),
        ListColumn(gettext("Messages begun"), style="integer"),
        ListColumn(gettext("Mails sent"), style="integer"),
        ListColumn(gettext("SMS sent"), style="integer"),
        ListColumn(gettext("Letters sent"), style="integer"),
        ListColumn(gettext("Bytes stored at the end"), style="integer"),
        ListColumn(gettext("Bytes stored at most"), style="integer"),
        ListColumn(gettext("People active within an hour, at most"), style="integer"),
    ]


def _row(one: Usage) -> tuple[date | str | int | None, ...]:
    return (
        one.month, one.name, one.slug, one.caisse_id, one.messages, one.mails, one.sms, one.letters,
        one.last_bytes, one.most_bytes, one.most_active_users,
    )  # fmt: skip


def _month(text: str) -> date:
    """Return the first day of a month written ``2027-03``, of the present one for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _offered() -> list[date]:
    """Return the months that may be chosen, the present one first."""
    months = [clock.today().replace(day=1)]
    while len(months) < MONTHS_OFFERED:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months
