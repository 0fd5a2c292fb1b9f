"""The page of one job: its steps while they run, its result, its error in words, and what can be done about it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from core.documents.errors import StoreUnavailable
from core.kernel import clock
from core.kernel.errors import Conflict
from core.kernel.text import N_
from core.operator.audit import name_actions, record_act
from core.operator.jobs.pages import page_of
from core.operator.policies import operator
from core.operator.views.saying import say
from tenants.jobs import services
from tenants.jobs.kinds import get_undo
from tenants.jobs.models import PlatformJob
from tenants.jobs.selectors import OPEN, UNENDED, access_job, list_unfinished_jobs
from tenants.models import Caisse
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.jobs.pages import JobPage
    from core.operator.requests import OperatorRequest

State = PlatformJob.States
# A worker that runs takes a job within a second; after this one wonders.
LONG_WAIT_SECONDS = 10
name_actions({"job_resumed": N_("Work resumed"), "job_cancelled": N_("Work cancelled")})


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as it is shown; ``state`` is ``done``, ``now``, ``broken`` or ``later``."""

    label: str
    state: str


@operator
@require_safe
def show(request: OperatorRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """Show a job; asked for a part only, its progress alone, and the whole page anew once it has ended."""
    with platform_transaction():
        job = access_job(actor, job_id)
    if job.state == State.DRAFT:
        return redirect(page_of(job).draft_url(job) or "operator_home")
    page = page_of(job)
    context = describe(job, page, actor)
    if not request.headers.get("HX-Request"):
        return render(request, "operator/jobs/job.html", context)
    answer = render(request, "operator/jobs/_progress.html", context)
    if not context["is_open"]:
        answer["HX-Refresh"] = "true"
    return answer


def read_unfinished(actor: Actor) -> dict[str, Any]:
    """Read what the console's first page shows of work that goes on or broke."""
    del actor
    with platform_transaction():
        return {"unfinished_jobs": list_unfinished_jobs()}


def describe(job: PlatformJob, page: JobPage, actor: Actor) -> dict[str, Any]:
    """Return what the page shows of a job."""
    is_done, is_failed = job.state == State.DONE, job.state == State.FAILED
    may_go_on = is_failed and page.may_go_on(job)
    waited = (clock.now() - job.due_at).total_seconds()
    return {
        "job": job,
        "title": gettext(page.title) % {"slug": job.slug},
        "steps": list_lines(job, page),
        "is_open": job.state in OPEN,
        "is_unheard": job.state == State.WAITING and waited > LONG_WAIT_SECONDS,
        "error": gettext(job.error_text) % job.error_params if job.error_text else "",
        "correct_url": page.correct_url(job) if _may_correct(job, actor) else "",
        "may_go_on": may_go_on,
        "again_url": page.again_url(job) if is_failed and not may_go_on else "",
        "is_leaving": job.cancel_asked_at is not None and job.state in UNENDED,
        "elsewhere_url": page.elsewhere_url(job) if job.state == State.WAITING else "",
        "discard_url": _discard_url(job),
        "cancel": how_to_cancel(job, page),
        "done_template": page.done_template if is_done else "",
        **(page.read(job) if is_done else {}),
    }


def how_to_cancel(job: PlatformJob, page: JobPage) -> str:
    """Return ``at_once``, ``at_step``, ``never`` where it is too late, or nothing where there is nothing to cancel."""
    if job.cancel_asked_at or job.state not in UNENDED or page.elsewhere_url(job):
        return "never" if job.state == State.RUNNING and not job.cancel_asked_at else ""
    if job.state != State.RUNNING and not job.steps_total:
        return "at_once"
    return "at_step" if get_undo(job.kind) else "never"


def _discard_url(job: PlatformJob) -> str:
    """Return where what a broken job left can be thrown away, if it left a caisse that never opened."""
    if job.state != State.FAILED or not job.steps_total or job.cancel_asked_at:
        return ""
    with platform_transaction():
        left = Caisse.objects.filter(slug=job.slug, state=Caisse.States.PROVISIONING).first()
    return reverse("operator_caisse_discard", args=[left.id]) if left else ""


def _may_correct(job: PlatformJob, actor: Actor) -> bool:
    return job.state == State.FAILED and not job.steps_total and job.asked_by_id == actor.user_id


def list_lines(job: PlatformJob, page: JobPage) -> list[StepLine]:
    """Return the steps with where each stands; a kind that does not name its steps shows the running one."""
    labels = [str(one) for one in page.list_steps()]
    if not labels:
        return [StepLine(gettext(job.step), _state_now(job))] if job.step else []
    return [StepLine(gettext(label), _state_of(job, number)) for number, label in enumerate(labels)]


def _state_of(job: PlatformJob, number: int) -> str:
    if job.state == State.DONE or number < job.steps_done:
        return "done"
    return _state_now(job) if number == job.steps_done and job.steps_total else "later"


def _state_now(job: PlatformJob) -> str:
    return {State.RUNNING: "now", State.FAILED: "broken", State.DONE: "done"}.get(State(job.state), "later")


@operator
@require_POST
def resume(request: OperatorRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """Let a failed job go on where it broke."""
    try:
        with platform_transaction():
            job = access_job(actor, job_id)
            services.resume_job(job_id=job.id)
            record_act(actor=actor, action="job_resumed", data={"kind": job.kind, "slug": job.slug})
    except Conflict as error:
        messages.error(request, say(error))
    return redirect("operator_job", job_id=job_id)


@operator
@require_POST
def cancel(request: OperatorRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """Cancel a job: at once where nothing was begun, else at its next step, and what it has made is taken away."""
    try:
        with platform_transaction():
            job = access_job(actor, job_id)
            has_ended = services.cancel_job(actor=actor, job_id=job.id)
            record_act(actor=actor, action="job_cancelled", data={"kind": job.kind, "slug": job.slug})
    except Conflict as error:
        messages.error(request, say(error))
        return redirect("operator_job", job_id=job_id)
    if has_ended:
        with suppress(StoreUnavailable):  # the hourly look goes on with it
            page_of(job).forget(job)
        messages.success(request, gettext("Cancelled. Nothing was made."))
    return redirect("operator_job", job_id=job_id)
