"""Who operates the platform: listed, added, blocked, admitted again, and given a new link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import NotFound, RelaisError
from core.kernel.text import N_, Text
from core.operator import people
from core.operator.audit import name_actions, record_act
from core.operator.enrolment import link_address
from core.operator.policies import operator, operator_proved
from core.operator.selectors import Filters, Listed, Standing, count_operators, list_operators
from core.operator.views.lists import EXPORT_LIMIT, local_time, read_search
from core.operator.views.saying import say
from core.web.views.downloads import list_workbook
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest
    from tenants.models import Operator


@dataclass(frozen=True, slots=True)
class Step:
    """What may be done with an operator, in words."""

    heading: Text
    explanation: Text


STANDINGS: dict[Standing, Text] = {
    "active": N_("active"),
    "invited": N_("invited"),
    "no_way_in": N_("link has run out"),
    "blocked": N_("blocked"),
}
name_actions({"operators_exported": N_("List of operators exported")})
STEPS = {
    "block": Step(
        N_("Block"),
        N_("She is signed out at once and cannot sign in any more. What she did stays written down."),
    ),
    "unblock": Step(N_("Admit again"), N_("She can sign in again the way she did before.")),
    "reset": Step(
        N_("Reset sign-in"),
        N_("Her passkeys, password and one-time password are removed, and she is signed out. You get a link."),
    ),
    "invite": Step(
        N_("New link"), N_("You get a link by which she sets up her sign-in; an earlier one no longer counts.")
    ),
}


@operator
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """List the operators. Names are searched by POST, since they belong in no address and in no log."""
    filters = _read_filters(request)
    with platform_transaction():
        page = list_operators(filters, after=request.POST.get("after", ""))
        counts = count_operators(filters)
    context = {
        "listed": page.rows,
        "after": page.after,
        "filters": filters,
        "total": sum(counts.values()),
        "counts": [(standing, gettext(STANDINGS[standing]), counts[standing]) for standing in STANDINGS],
    }
    return render(request, "operator/people.html", context)


def _read_filters(request: OperatorRequest) -> Filters:
    standing = request.POST.get("standing", "")
    return Filters(read_search(request.POST.dict()), standing if standing in STANDINGS else "")


@operator
@require_POST
def export(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """The list with its filters as a workbook."""
    with platform_transaction():
        found = list_operators(_read_filters(request), limit=EXPORT_LIMIT).rows
        record_act(actor=actor, action="operators_exported")
    columns = [
        ListColumn(gettext("Name"), width=30),
        ListColumn(gettext("E-mail"), width=36),
        ListColumn(gettext("State"), width=20),
        ListColumn(gettext("Passkeys"), style="integer"),
        ListColumn(gettext("Password and one-time password")),
        ListColumn(gettext("Last sign-in"), style="moment"),
    ]
    return list_workbook(columns, map(_row, found), title=gettext("Operators"), filename="operators.xlsx")


def _row(one: Listed) -> tuple[str | int | datetime | None, ...]:
    at = local_time(one.operator.last_signed_in_at)
    has_password = gettext("yes") if one.has_password else gettext("no")
    return one.operator.name, one.operator.email, gettext(STANDINGS[one.standing]), one.passkeys, has_password, at


@operator_proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Add an operator and show her link, once."""
    if request.method != "POST":
        return render(request, "operator/people/add.html")
    typed = {name: request.POST.get(name, "") for name in ("name", "email")}
    try:
        with platform_transaction():
            invited, secret = people.add_operator(actor=actor, **typed)
    except RelaisError as error:
        return render(request, "operator/people/add.html", typed | {"refusal": say(error)}, status=error.status)
    return _link_page(request, invited, secret)


@operator_proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: OperatorRequest, actor: Actor, operator_id: UUID, step: str) -> HttpResponse:
    """Say what a step does, and do it."""
    if step not in STEPS:
        raise NotFound
    if request.method != "POST":
        return _step_page(request, operator_id, step)
    try:
        with platform_transaction():
            found, secret = _take_step(actor, operator_id, step)
    except NotFound:
        raise
    except RelaisError as error:
        return _step_page(request, operator_id, step, error)
    if secret:
        return _link_page(request, found, secret)
    done = gettext("%(name)s is blocked.") if step == "block" else gettext("%(name)s can sign in again.")
    messages.success(request, done % {"name": found.name})
    return redirect("operator_people")


def _take_step(actor: Actor, operator_id: UUID, step: str) -> tuple[Operator, str]:
    if step == "block":
        return people.block_operator(actor=actor, operator_id=operator_id), ""
    if step == "unblock":
        return people.unblock_operator(actor=actor, operator_id=operator_id), ""
    if step == "reset":
        return people.reset_operator(actor=actor, operator_id=operator_id)
    return people.invite_again(actor=actor, operator_id=operator_id)


def _step_page(
    request: OperatorRequest, operator_id: UUID, step: str, error: RelaisError | None = None
) -> HttpResponse:
    with platform_transaction():
        found = people.access_operator(operator_id)
    context = {
        "found": found,
        "heading": gettext(STEPS[step].heading),
        "explanation": gettext(STEPS[step].explanation),
        "refusal": say(error) if error else "",
    }
    return render(request, "operator/people/step.html", context, status=error.status if error else 200)


def _link_page(request: OperatorRequest, invited: Operator, secret: str) -> HttpResponse:
    context = {"invited": invited, "link": link_address(secret)}
    return render(request, "operator/people/link.html", context)
