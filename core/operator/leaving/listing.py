"""The list of deletions: searched, filtered, counted, paged by key, those under way first; and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, Value, When
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core.accounts.mandates.paging import PAGE, page_of
from core.intake.workbooks.columns import ListColumn
from core.kernel.text import N_
from core.operator.audit import name_actions, record_act
from core.operator.leaving import reading
from core.operator.policies import operator
from core.operator.searching import words_in
from core.operator.views.lists import EXPORT_LIMIT, describe_list, local_day, read_search
from core.transfer import deleting
from core.transfer.models import Deletion
from core.web.views.downloads import list_workbook
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from core.accounts.mandates.paging import ListPage
    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest

name_actions({"deletions_exported": N_("List of deletions exported")})
ORDER = ("rank", "-asked_at", "-id")


def list_deletions(asked: Mapping[str, str], *, limit: int = PAGE) -> ListPage[Deletion]:
    """Return a page, those under way first. Platform scope."""
    found = _ranked().filter(_wanted(asked))
    state = read_state(asked)
    if state:
        found = found.filter(state=state)
    return page_of(found, ORDER, asked.get("after", ""), limit, known=_ranked())


def count_deletions(asked: Mapping[str, str]) -> dict[str, int]:
    """Return how many of the search are in each state, whatever state is asked for; one query. Platform scope."""
    counted = Deletion.objects.filter(_wanted(asked)).values_list("state").annotate(n=Count("id"))
    return dict.fromkeys(reading.STATES, 0) | dict(counted)


def read_state(asked: Mapping[str, str]) -> str:
    """Return the state that is asked for; what is none is left out."""
    return asked.get("state", "") if asked.get("state") in reading.STATES else ""


def _wanted(asked: Mapping[str, str]) -> Any:
    return words_in(read_search(asked), "name", "slug", "caisse_id")


def _ranked() -> QuerySet[Deletion]:
    rank = Case(When(state__in=deleting.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Deletion.objects.defer("certificate", "certificate_signature", "certificate_pdf").annotate(rank=rank)


@operator
@require_safe
def show(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """One page of what fits."""
    asked = request.GET.dict()
    with platform_transaction():
        page, counts = list_deletions(asked), count_deletions(asked)
    context = {
        "listed": [reading.describe_deletion(one, actor) for one in page.rows],
        **describe_list(asked, reading.STATES, counts, here=read_state(asked), after=page.after),
    }
    return render(request, "operator/leaving/deletions.html", context)


@operator
@require_safe
def export(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """What fits as a workbook."""
    with platform_transaction():
        found = list_deletions({**request.GET.dict(), "after": ""}, limit=EXPORT_LIMIT).rows
        record_act(actor=actor, action="deletions_exported")
    columns = [
        ListColumn(gettext("Caisse"), width=36),
        ListColumn(gettext("Short name")),
        ListColumn(gettext("State"), width=20),
        ListColumn(gettext("Reason"), width=40, wrapped=True),
        ListColumn(gettext("Asked for by"), width=24),
        ListColumn(gettext("Asked for on"), style="date"),
        ListColumn(gettext("Confirmed by"), width=24),
        ListColumn(gettext("Will be deleted on"), style="date"),
        ListColumn(gettext("Deleted on"), style="date"),
        ListColumn(gettext("Short name reserved until"), style="date"),
    ]
    return list_workbook(columns, map(_row, found), title=gettext("Deletions"), filename="deletions.xlsx")


def _row(one: Deletion) -> tuple[Any, ...]:
    return (
        one.name, one.slug, gettext(reading.STATES[one.state][0]), one.reason, one.asked_by, local_day(one.asked_at),
        one.confirmed_by, local_day(one.due_at), local_day(one.done_at), local_day(one.slug_kept_until),
    )  # fmt: skip
