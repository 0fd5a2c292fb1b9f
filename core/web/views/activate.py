"""Activation of an access, one page for each step: code, e-mail, names and terms, password, mobile, sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.addresses import counted_address
from core.accounts.invitations import activation, completing, email, opening
from core.accounts.invitations.errors import ActivationRefused
from core.kernel.errors import NotFound, RelaisError
from core.web.activating.keeping import DONE, Enrolment, find_enrolment
from core.web.activating.showing import show_code_page, show_done, show_step
from core.web.activating.stepping import step_view, welcome
from core.web.first_factor import offers_sms
from core.web.policies import public

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PortalRequest) -> HttpResponse:
    """Show the step that comes next; a typed code opens the first. Looking at the page uses nothing up."""
    if request.method != "POST":
        return _look(request)
    try:
        opened = opening.open_activation(
            caisse=request.caisse, typed=request.POST.get("code", ""), address=counted_address(request)
        )
    except RelaisError as error:
        return show_code_page(request, error)
    Enrolment.start(request, opened)
    return redirect("activate")


def _look(request: PortalRequest) -> HttpResponse:
    if name := request.session.get(DONE):
        return show_done(request, name)
    try:
        found = find_enrolment(request)
    except ActivationRefused as error:
        return show_code_page(request, error)
    return show_step(request, found, wanted=request.GET.get("step", "")) if found else show_code_page(request)


@public
@never_cache
@step_view("email")
def give_email(request: PortalRequest, found: Enrolment) -> HttpResponse | None:
    """Keep the address and send a code there; or go on without, where she needs none."""
    if "without" in request.POST:
        email.go_without_email(caisse=request.caisse, activation=found.row)
        return None
    typed = found.row.email if "again" in request.POST else request.POST.get("email", "")
    sent = email.send_email_code(
        caisse=request.caisse,
        activation=found.row,
        typed=typed,
        language=get_language() or "",
        binding=found.binding("email"),
    )
    found.keep(request, "email", sent)
    return None


@public
@never_cache
@sensitive_post_parameters("code")
@step_view("email_code")
def confirm_email(request: PortalRequest, found: Enrolment) -> None:
    """Evaluate the code by e-mail."""
    if found.email_sent is not None:
        email.confirm_email(
            caisse=request.caisse, activation=found.row, sent=found.email_sent, typed=request.POST.get("code", "")
        )


@public
@never_cache
@step_view("names")
def give_names(request: PortalRequest, found: Enrolment) -> None:
    """Keep names, language and the agreement to the terms."""
    fields = {name: request.POST.get(name, "") for name in ("given_name", "family_name", "language", "read_in")}
    ticked = request.POST.get("terms", "")
    activation.keep_names(caisse=request.caisse, activation=found.row, ticked=ticked, **fields)


@public
@never_cache
@sensitive_post_parameters("password", "again")
@step_view("password")
def choose_password(request: PortalRequest, found: Enrolment) -> None:
    """Keep the password for the end."""
    activation.choose_password(
        caisse=request.caisse,
        activation=found.row,
        password=request.POST.get("password", ""),
        repeated=request.POST.get("again", ""),
    )


@public
@never_cache
@step_view("mobile")
def give_mobile(request: PortalRequest, found: Enrolment) -> None:
    """Keep the number and send a code there; without a number, ask for another one."""
    if not offers_sms(request):
        raise NotFound
    if "change" in request.POST:
        found.forget(request, "mobile")
        return
    typed = found.row.mobile if "again" in request.POST else request.POST.get("mobile", "")
    sent = activation.send_mobile_code(
        caisse=request.caisse, activation=found.row, typed=typed, binding=found.binding("mobile")
    )
    found.keep(request, "mobile", sent)


@public
@never_cache
@sensitive_post_parameters("code")
@step_view("code")
def confirm_mobile(request: PortalRequest, found: Enrolment) -> HttpResponse | None:
    """Evaluate the code by SMS; a right one makes the account usable and leads to the sign-in."""
    if found.mobile_sent is None:
        return None
    user = completing.complete_activation(
        caisse=request.caisse, activation=found.row, sent=found.mobile_sent, typed=request.POST.get("code", "")
    )
    return welcome(request, user)


@public
@require_POST
def leave(request: PortalRequest) -> HttpResponse:
    """Put the code away; whoever comes back types it again and goes on where she was."""
    Enrolment.stop(request)
    return redirect("activate")
