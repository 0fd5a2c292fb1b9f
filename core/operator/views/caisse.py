"""One caisse in the console, in parts that rooms add; closing and opening it, and its limits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.kernel.errors import InvalidInput, RelaisError
from core.kernel.text import N_
from core.operator.caisses import acts
from core.operator.caisses.access import access_caisse
from core.operator.caisses.limits import build_fields, read_limits
from core.operator.caisses.parts import View, list_caisse_parts
from core.operator.policies import operator, operator_proved
from core.operator.samples.reading import get_standing
from core.operator.views.caisses import CHIPS, STATES
from core.operator.views.saying import say
from core.web.context import PLATFORM_ZONE
from core.web.languages import NATIVE_NAMES
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest
    from tenants.models import Caisse

MAX_TEXT = 1000


class ReasonMissing(InvalidInput):
    """Write for your colleagues why the caisse is closed."""

    code = "reason_missing"


class MomentUnreadable(InvalidInput):
    """This is no date with a time. Choose one again, or leave the field empty."""

    code = "moment_unreadable"


@operator
@require_safe
def show(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Everything that operators may know of a caisse: state, addresses, versions, health, usage, limits, acts."""
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
    view = View(actor, caisse, request.GET.dict())
    read = [(part.template, part.read(view)) for part in list_caisse_parts()]
    context = {name: value for _template, values in read for name, value in values.items()}
    context |= {"parts": [template for template, _values in read], **_head(caisse)}
    return render(request, "operator/caisse/page.html", context)


def _head(caisse: Caisse) -> dict[str, Any]:
    return {"caisse": caisse, "state": gettext(STATES[caisse.state]), "chip": CHIPS[caisse.state]}


@operator_proved
@require_http_methods(["GET", "POST"])
def suspend(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Close the caisse's portal with a reason in words, until an end or until it is opened again."""
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
    if request.method == "GET":
        return _suspend_page(request, caisse)
    texts = {language: request.POST.get(f"text_{language}", "")[:MAX_TEXT] for language in NATIVE_NAMES}
    reason = request.POST.get("reason", "").strip()
    try:
        if not reason:
            raise ReasonMissing
        until = read_moment(request.POST.get("until", ""))
        acts.suspend_caisse(actor=actor, caisse=caisse.ref, reason=reason, texts=texts, until=until)
    except RelaisError as error:
        return _suspend_page(request, caisse, error)
    messages.success(request, gettext("The portal of %(name)s is closed.") % {"name": caisse.name})
    return redirect("operator_caisse", caisse_id=caisse.id)


def _suspend_page(request: OperatorRequest, caisse: Caisse, error: RelaisError | None = None) -> HttpResponse:
    given = request.POST
    fields = [
        (language, name, given.get(f"text_{language}", caisse.closed_texts.get(language, "")))
        for language, name in NATIVE_NAMES.items()
    ]
    until = local_moment(caisse.reopens_at) if caisse.reopens_at else ""
    context = {
        **_head(caisse),
        "fields": fields,
        "reason": given.get("reason", ""),
        "until": given.get("until", until),
        "zone": PLATFORM_ZONE,
        "refusal": say(error) if error else "",
    }
    return render(request, "operator/caisse/suspend.html", context, status=error.status if error else 200)


def read_moment(text: str) -> datetime | None:
    """Return a moment typed in the platform's zone, None for an empty field. Raises ``MomentUnreadable``."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=ZoneInfo(PLATFORM_ZONE))
    except ValueError as error:
        raise MomentUnreadable from error


def local_moment(moment: datetime) -> str:
    """Return a moment as a field for date and time takes it."""
    return moment.astimezone(ZoneInfo(PLATFORM_ZONE)).strftime("%Y-%m-%dT%H:%M")


@operator
@require_POST
def resume(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Open the portal again."""
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
    try:
        acts.resume_caisse(actor=actor, caisse=caisse.ref)
    except RelaisError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, gettext("The portal of %(name)s is open again.") % {"name": caisse.name})
    return redirect("operator_caisse", caisse_id=caisse.id)


@operator
@require_http_methods(["GET", "POST"])
def limits(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """The caisse's own limits; an empty field is the platform's default."""
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
    error: RelaisError | None = None
    if request.method == "POST":
        try:
            changed = acts.set_quotas(actor=actor, caisse=caisse.ref, limits=read_limits(request.POST.dict()))
        except RelaisError as refused:
            error = refused
        else:
            messages.success(request, gettext("Saved.") if changed else gettext("Nothing was changed."))
            return redirect("operator_caisse", caisse_id=caisse.id)
    with platform_transaction():
        standing = get_standing(caisse.id)
        fields = build_fields(caisse, standing, request.POST.dict())
    context = {**_head(caisse), "fields": fields, "refusal": say(error) if error else ""}
    return render(request, "operator/caisse/limits.html", context, status=error.status if error else 200)


PERIOD_LABELS = {"2d": N_("2 days"), "14d": N_("14 days"), "90d": N_("90 days"), "1y": N_("1 year")}
