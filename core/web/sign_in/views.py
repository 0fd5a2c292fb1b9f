"""Password, code by SMS, sign-out. Tries commit on their own before the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.addresses import client_address
from core.accounts.errors import CodeSpent
from core.accounts.policy import sign_in_policy
from core.accounts.redirects import safe_next
from core.accounts.sign_in import verify_password
from core.accounts.stages import SmsCodeStage
from core.audit.services import record
from core.kernel.actors import Actor
from core.kernel.errors import RelaisError
from core.web.policies import public
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.web.requests import PortalRequest


def _say(error: RelaisError) -> str:
    text = gettext(error.message)
    return text % error.params if error.params else text


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def password(request: PortalRequest) -> HttpResponse:
    """Ask for name and password, then go on to the caisse's second factor."""
    if request.identity.is_authenticated and request.method == "GET":
        return redirect(safe_next(request) or "home")
    context = {"next": safe_next(request), "name": request.POST.get("name", "")}
    if request.method == "GET":
        return render(request, "web/sign_in/password.html", context)
    try:
        user = verify_password(
            caisse=request.caisse,
            name=request.POST.get("name", ""),
            password=request.POST.get("password", ""),
            address=client_address(request),
        )
        login = Login(user=user, redirect_url=context["next"] or None)
        # The stage opens its own scopes: what it counts must stay counted when it refuses.
        return perform_password_login(request, {"username": user.sign_in_name}, login)
    except RelaisError as error:
        context["refusal"] = _say(error)
        return render(request, "web/sign_in/password.html", context, status=error.status)


def _stage(request: PortalRequest) -> SmsCodeStage | None:
    with tenant_transaction(request.caisse):
        stage: SmsCodeStage | None = LoginStageController.enter(request, SmsCodeStage.key)
    return stage


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: PortalRequest) -> HttpResponse:
    """Ask for the code; a right one completes the sign-in."""
    stage = _stage(request)
    if stage is None:
        return redirect("sign_in")
    context = {
        "mobile": stage.masked_mobile,
        "minutes": sign_in_policy(request.caisse).code_minutes,
    }
    if request.method == "GET":
        return render(request, "web/sign_in/code.html", context)
    try:
        stage.check_code(request.POST.get("code", ""))
    except RelaisError as error:
        context |= {"refusal": _say(error), "spent": isinstance(error, CodeSpent)}
        return render(request, "web/sign_in/code.html", context, status=error.status)
    with tenant_transaction(request.caisse):
        response: HttpResponse = stage.exit()
    return response


@public
@never_cache
@require_POST
def send_again(request: PortalRequest) -> HttpResponse:
    """Send a new code; the earlier one stops working."""
    stage = _stage(request)
    if stage is None:
        return redirect("sign_in")
    try:
        stage.send_code()
    except RelaisError as error:
        context = {"mobile": stage.masked_mobile, "minutes": 0, "refusal": _say(error)}
        return render(request, "web/sign_in/code.html", context, status=error.status)
    request.session.modified = True
    return redirect("sign_in_code")


@public
@require_POST
def sign_out(request: PortalRequest) -> HttpResponse:
    """End the session at once."""
    user = request.identity.user
    with tenant_transaction(request.caisse):
        if user is not None:
            actor = Actor(kind="party", name=user.name, user_id=user.id)
            record(actor=actor, action="signed_out", object_type="user", object_id=user.id)
        logout(request)
    return redirect("sign_in")
