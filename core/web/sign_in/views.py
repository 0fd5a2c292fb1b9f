"""Password, code by SMS, sign-out. Tries commit on their own before the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.addresses import counted_address
from core.accounts.errors import SignInInterrupted
from core.accounts.redirects import safe_next
from core.accounts.sign_in import verify_password
from core.accounts.stages import SmsCodeStage
from core.audit.services import record
from core.kernel.actors import Actor
from core.kernel.errors import RelaisError
from core.web.policies import public
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: PortalRequest) -> HttpResponse:
    """Ask for name and password, then go on to the caisse's second factor."""
    back = safe_next(request)
    if request.method != "POST":
        if request.identity.is_authenticated:
            return redirect(back or "home")
        return render(request, "web/sign_in/password.html", {"next": back})
    try:
        return _begin(request, back)
    except RelaisError as error:
        context = {"next": back, "name": request.POST.get("name", ""), "refusal": _say(error)}
        return render(request, "web/sign_in/password.html", context, status=error.status)


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PortalRequest) -> HttpResponse:
    """Ask for the code; a right one completes the sign-in."""
    stage = _find_stage(request)
    if stage is None:
        return _start_again(request)
    if request.method != "POST":
        return _code_page(request, stage)
    try:
        stage.check_code(request.POST.get("code", ""))
    except RelaisError as error:
        return _code_page(request, stage, error)
    with tenant_transaction(request.caisse):
        response: HttpResponse = stage.exit()
    return response


@public
@never_cache
@require_POST
def send_again(request: PortalRequest) -> HttpResponse:
    """Send a new code; the earlier one stops working."""
    stage = _find_stage(request)
    if stage is None:
        return _start_again(request)
    try:
        stage.send_code()
    except RelaisError as error:
        return _code_page(request, stage, error)
    request.session.modified = True
    messages.success(request, gettext("A new code is on its way. The earlier one no longer counts."))
    return redirect("sign_in_code")


@public
@require_POST
def sign_out(request: PortalRequest) -> HttpResponse:
    """End the session at once, and a sign-in that was only begun."""
    user = request.identity.user
    with tenant_transaction(request.caisse):
        if user is not None:
            actor = Actor(kind="party", name=user.name, user_id=user.id)
            record(actor=actor, action="signed_out", object_type="user", object_id=user.id)
        logout(request)
    return redirect("sign_in")


def _begin(request: PortalRequest, back: str) -> HttpResponse:
    user = verify_password(
        caisse=request.caisse,
        name=request.POST.get("name", ""),
        password=request.POST.get("password", ""),
        address=counted_address(request),
    )
    login = Login(user=user, redirect_url=back or None)
    # The stage opens its own scopes: what it counts must stay counted when it refuses.
    response: HttpResponse = perform_password_login(request, {"username": user.sign_in_name}, login)
    return response


def _find_stage(request: PortalRequest) -> SmsCodeStage | None:
    with tenant_transaction(request.caisse):
        stage: SmsCodeStage | None = LoginStageController.enter(request, SmsCodeStage.key)
    return stage if stage is not None and stage.user.is_active else None


def _start_again(request: PortalRequest) -> HttpResponse:
    if request.identity.is_authenticated:
        return redirect("home")
    messages.warning(request, _say(SignInInterrupted()))
    return redirect("sign_in")


def _code_page(request: PortalRequest, stage: SmsCodeStage, error: RelaisError | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "mobile": stage.masked_mobile,
        "minutes": stage.policy.code_minutes,
        "tries_left": stage.count_tries_left(),
        "refusal": _say(error) if error else "",
    }
    return render(request, "web/sign_in/code.html", context, status=error.status if error else 200)


def _say(error: RelaisError) -> str:
    text = gettext(error.message)
    return text % error.params if error.params else text
