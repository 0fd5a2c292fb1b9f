"""The list of all long work on caisses: searched, filtered by state, counted, paged by key; and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core.accounts.mandates.paging import PAGE, page_of
from core.intake.workbooks.columns import ListColumn
from core.kernel.text import N_
from core.operator.audit import name_actions, name_values, record_act
from core.operator.jobs.pages import page_of as page_of_job
from core.operator.policies import operator
from core.operator.searching import words_in
from core.operator.views.lists import EXPORT_LIMIT, describe_list, local_time, read_search
from core.web.views.downloads import list_workbook
from tenants.jobs.models import PlatformJob
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from core.accounts.mandates.paging import ListPage
    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest

STATES = {
    "waiting": (N_("waiting"), "info"),
    "running": (N_("running"), "info"),
    "failed": (N_("stopped before the end"), "stop"),
    "done": (N_("done"), "ok"),
    "cancelled": (N_("called off"), ""),
}
name_values(
    "kind",
    {
        "create": N_("Making of a caisse"),
        "export": N_("Export"),
        "import": N_("Import of a caisse"),
        "delete": N_("Deletion"),
        "discard": N_("Throwing away an unfinished caisse"),
    },
)
name_actions({"jobs_exported": N_("List of work exported")})


def list_jobs(asked: Mapping[str, str], *, limit: int = PAGE) -> ListPage[PlatformJob]:
    """Return a page, the newest first. Platform scope."""
    found, state = _wanted(asked), read_state(asked)
    return page_of(found.filter(state=state) if state else found, ("-created_at", "-id"), asked.get("after", ""), limit)


def count_jobs(asked: Mapping[str, str]) -> dict[str, int]:
    """Return how many of the search are in each state; one query. Platform scope."""
    return dict.fromkeys(STATES, 0) | dict(_wanted(asked).values_list("state").annotate(n=Count("id")))


def read_state(asked: Mapping[str, str]) -> str:
    """Return the state that is asked for; what is none is left out."""
    return asked.get("state", "") if asked.get("state") in STATES else ""


def _wanted(asked: Mapping[str, str]) -> QuerySet[PlatformJob]:
    """Return what fits the search; drafts are their askers' own."""
    return PlatformJob.objects.filter(words_in(read_search(asked), "slug", "caisse_id"), state__in=STATES)


def describe(job: PlatformJob) -> dict[str, Any]:
    """Return a job with its kind and state in words."""
    label, chip = STATES[job.state]
    return {"job": job, "title": name_work(job), "state": gettext(label), "chip": chip}


def name_work(job: PlatformJob) -> str:
    """Return in words what a job does."""
    return gettext(page_of_job(job).title) % {"slug": job.slug}


@operator
@require_safe
def show(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """One page of what fits."""
    asked = request.GET.dict()
    with platform_transaction():
        page, counts = list_jobs(asked), count_jobs(asked)
    context = {
        "listed": [describe(one) for one in page.rows],
        **describe_list(asked, STATES, counts, here=read_state(asked), after=page.after),
    }
    return render(request, "operator/jobs/list.html", context)


@operator
@require_safe
def export(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """What fits as a workbook."""
    with platform_transaction():
        found = list_jobs({**request.GET.dict(), "after": ""}, limit=EXPORT_LIMIT).rows
        record_act(actor=actor, action="jobs_exported")
    columns = [
        ListColumn(gettext("Work"), width=48),
        ListColumn(gettext("Short name")),
        ListColumn(gettext("State")),
        ListColumn(gettext("Asked for by"), width=24),
        ListColumn(gettext("Asked for on"), style="moment"),
        ListColumn(gettext("Ended on"), style="moment"),
        ListColumn(gettext("Last error"), width=30),
    ]
    return list_workbook(columns, map(_row, found), title=gettext("Work on caisses"), filename="work.xlsx")


def _row(job: PlatformJob) -> tuple[Any, ...]:
    state = gettext(STATES[job.state][0])
    return (
        name_work(job),
        job.slug,
        state,
        job.asked_by,
        local_time(job.created_at),
        local_time(job.finished_at),
        job.error_code,
    )
