"""The wizard's pages: place, first administrator, review, and the live check of a short name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.configuration.jobs import CREATE
from core.configuration.presets import describe_presets
from core.kernel.errors import Conflict, RelaisError
from core.kernel.text import N_, Text
from core.operator.audit import name_actions, record_act
from core.operator.creating import drafts
from core.operator.creating.forms import LONGEST_TYPED, AdministratorForm, PlaceForm
from core.operator.policies import operator
from core.operator.views.saying import say
from core.web.languages import NATIVE_NAMES
from tenants.jobs import services
from tenants.jobs.errors import JobOpen, JobUnknown
from tenants.jobs.models import PlatformJob
from tenants.jobs.selectors import access_job, get_unfinished_job, list_drafts
from tenants.scope import platform_transaction
from tenants.slugs import check_slug_is_free

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest

PLACE, ADMINISTRATOR, REVIEW = "place", "administrator", "review"
_STEPS: dict[str, tuple[Text, str]] = {
    PLACE: (N_("The caisse"), "operator_caisse_new_place"),
    ADMINISTRATOR: (N_("First administrator"), "operator_caisse_new_administrator"),
    REVIEW: (N_("Review"), "operator_caisse_new_review"),
}
name_actions({"caisse_asked_for": N_("Creation of a caisse asked for")})


@dataclass(frozen=True, slots=True)
class StepLink:
    """A page of the wizard in the row above it."""

    key: str
    label: str
    url: str


def _frame(current: str, job: PlatformJob | None) -> dict[str, Any]:
    """Return the row of pages; one may go back to those before, and on from a complete one."""
    order = job.order if job else {}
    reached = [PLACE] if not job else [PLACE, ADMINISTRATOR, *([REVIEW] if order.get("administrator") else [])]
    steps = [
        StepLink(key, gettext(label), reverse(name, args=[job.id]) if job and key in reached else "")
        for key, (label, name) in _STEPS.items()
    ]
    return {"steps": steps, "current": current, "draft": job, "platform_domain": settings.PLATFORM_DOMAIN}


def _access_draft(actor: Actor, job_id: UUID) -> PlatformJob:
    with platform_transaction():
        job = access_job(actor, job_id)
    if job.kind != CREATE or job.asked_by_id != actor.user_id:
        raise JobUnknown
    return job


@operator
@require_http_methods(["GET", "POST"])
def new(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Begin: the page on the place, empty, and what was begun before."""
    if request.method == "POST":
        return _take_place(request, actor, None)
    with platform_transaction():
        begun = list_drafts(actor, kind=CREATE)
    form = PlaceForm(initial={"preset": next(iter(describe_presets()), "none")})
    return render(request, "operator/creating/place.html", {"form": form, "begun": begun, **_frame(PLACE, None)})


@operator
@require_http_methods(["GET", "POST"])
def place(request: OperatorRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """The page on the place of a draft."""
    job = _access_draft(actor, job_id)
    if job.state != PlatformJob.States.DRAFT:
        return redirect("operator_job", job_id=job.id)
    if request.method == "POST":
        return _take_place(request, actor, job)
    context = {"form": PlaceForm(initial=drafts.initial_of(job)), **_frame(PLACE, job)}
    return render(request, "operator/creating/place.html", context)


def _take_place(request: OperatorRequest, actor: Actor, job: PlatformJob | None) -> HttpResponse:
    form = PlaceForm(request.POST, request.FILES)
    unfinished = None
    form.is_valid()
    slug = form.cleaned_data.get("slug", "")
    for name, fault in drafts.find_faults_of_place(slug, form.cleaned_data.get("hosts", [])).items():
        form.add_error(name, say(fault))
        if name == "slug":
            with platform_transaction():
                unfinished = get_unfinished_job(slug)
    if not form.is_valid():
        context = {"form": form, "unfinished": unfinished, **_frame(PLACE, job)}
        return render(request, "operator/creating/place.html", context, status=422)
    with platform_transaction():
        job = job or services.draft_job(actor=actor, kind=CREATE)
        order = drafts.order_of(form.cleaned_data, job.order)
        services.change_draft(actor=actor, job_id=job.id, slug=form.cleaned_data["slug"], order=order)
    return redirect("operator_caisse_new_administrator", job_id=job.id)


@operator
@require_http_methods(["GET", "POST"])
def administrator(request: OperatorRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """The page on the first administrator."""
    job = _access_draft(actor, job_id)
    if job.state != PlatformJob.States.DRAFT:
        return redirect("operator_job", job_id=job.id)
    known = job.order.get("administrator", {})
    initial = {"language": job.order.get("first_language") or "fr", **known, "lines": "\n".join(known.get("lines", []))}
    form = AdministratorForm(request.POST) if request.method == "POST" else AdministratorForm(initial=initial)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, **_frame(ADMINISTRATOR, job)}
        status = 422 if form.is_bound else 200
        return render(request, "operator/creating/administrator.html", context, status=status)
    with platform_transaction():
        order = {**job.order, "administrator": form.cleaned_data}
        services.change_draft(actor=actor, job_id=job.id, slug=job.slug, order=order)
    return redirect("operator_caisse_new_review", job_id=job.id)


@operator
@require_http_methods(["GET", "POST"])
def review(request: OperatorRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """All that will be made, on one page; sent, the work begins, once, however often one clicks."""
    job = _access_draft(actor, job_id)
    if job.state != PlatformJob.States.DRAFT:
        return redirect("operator_job", job_id=job.id)
    if not job.order.get("administrator"):
        return redirect("operator_caisse_new_administrator", job_id=job.id)
    fault = drafts.find_fault(job)
    if request.method == "POST" and fault is None:
        try:
            _submit(actor, job)
        except JobOpen as error:
            fault = error
        else:
            return redirect("operator_job", job_id=job.id)
    return _show_review(request, job, fault)


def _submit(actor: Actor, job: PlatformJob) -> None:
    with platform_transaction():
        if services.submit_draft(actor=actor, job_id=job.id):
            record_act(actor=actor, action="caisse_asked_for", data={"slug": job.slug, "job": str(job.id)})


def _show_review(request: OperatorRequest, job: PlatformJob, fault: RelaisError | None) -> HttpResponse:
    order, unfinished = job.order, None
    if isinstance(fault, Conflict):
        with platform_transaction():
            unfinished = get_unfinished_job(job.slug)
    words = describe_presets().get(order.get("preset", ""))
    context = {
        "order": order,
        "preset": gettext(words.title) if words else "",
        "languages": [NATIVE_NAMES[code] for code in order.get("languages", [])],
        "first_language": NATIVE_NAMES.get(order.get("first_language", ""), ""),
        "hosts": ["/".join(filter(None, pair)) for pair in order.get("hosts", [])],
        "language_of_letter": NATIVE_NAMES.get(order["administrator"]["language"], ""),
        "fault": say(fault) if fault else "",
        "unfinished": unfinished,
        **_frame(REVIEW, job),
    }
    return render(request, "operator/creating/review.html", context, status=fault.status if fault else 200)


@operator
@require_POST
def drop(request: OperatorRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    job = _access_draft(actor, job_id)
    try:
        with platform_transaction():
            services.drop_draft(actor=actor, job_id=job.id)
    except Conflict as error:
        messages.error(request, say(error))
        return redirect("operator_job", job_id=job.id)
    messages.success(request, gettext("Thrown away. Nothing was made."))
    return redirect("operator_caisse_new")


@operator
@require_POST
def correct(request: OperatorRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """Turn a failed job of which nothing was begun back into a draft."""
    job = _access_draft(actor, job_id)
    try:
        with platform_transaction():
            services.reopen_draft(actor=actor, job_id=job.id)
    except Conflict as error:
        messages.error(request, say(error))
        return redirect("operator_job", job_id=job.id)
    return redirect("operator_caisse_new_place", job_id=job.id)


@operator
@require_safe
def check_slug(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """Say whether a short name can be had, while it is typed; a part of a page."""
    slug, fault = request.GET.get("slug", "").strip()[:LONGEST_TYPED], ""
    try:
        with platform_transaction():
            check_slug_is_free(slug)
    except RelaisError as error:
        fault = say(error)
    context = {"slug": slug, "fault": fault, "platform_domain": settings.PLATFORM_DOMAIN}
    return render(request, "operator/creating/_slug.html", context)
