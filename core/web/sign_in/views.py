"""Password, second factor, sign-out. Tries commit on their own before the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.addresses import counted_address
from core.accounts.errors import SignInInterrupted
from core.accounts.redirects import safe_next
from core.accounts.sign_in import verify_password
from core.accounts.stages import SecondFactorStage, way_address
from core.audit.services import record
from core.kernel.actors import Actor
from core.kernel.errors import RelaisError
from core.web.policies import public
from core.web.sign_in.openid import came_from_elsewhere
from core.web.sign_in.page import password_page
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.factors import Factor
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
        return password_page(request, back)
    try:
        return _begin(request, back)
    except RelaisError as error:
        return password_page(request, back, error)


@public
@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def way(request: PortalRequest, factor: str) -> HttpResponse:
    """Ask for one of her second factors; a right answer completes the sign-in."""
    stage = _find_stage(request)
    if stage is None:
        return _start_again(request)
    chosen = stage.find_way(factor)
    if request.method != "POST":
        return _way_page(request, stage, chosen)
    try:
        stage.check(chosen, request.POST.dict())
    except RelaisError as error:
        return _way_page(request, stage, chosen, error)
    with tenant_transaction(request.caisse):
        response: HttpResponse = stage.exit()
    return response


@public
@never_cache
@require_POST
def start_way(request: PortalRequest, factor: str) -> HttpResponse:
    """Begin with one of her factors, or once more: an SMS is sent anew, and the earlier one stops working."""
    stage = _find_stage(request)
    if stage is None:
        return _start_again(request)
    chosen = stage.find_way(factor)
    try:
        stage.start(chosen)
    except RelaisError as error:
        return _way_page(request, stage, chosen, error)
    finally:
        request.session.modified = True
    if "again" in request.POST:
        messages.success(request, gettext("A new code is on its way. The earlier one no longer counts."))
    return redirect(way_address(chosen))


@public
@never_cache
@require_safe
def ways(request: PortalRequest) -> HttpResponse:
    """Let her choose among her second factors."""
    stage = _find_stage(request)
    if stage is None:
        return _start_again(request)
    return render(request, "web/sign_in/ways.html", {"ways": stage.list_ways(), "start": "sign_in_way_start"})


@public
@require_POST
def sign_out(request: PortalRequest) -> HttpResponse:
    """End the session at once, and a sign-in that was only begun."""
    user, leave_elsewhere = request.identity.user, came_from_elsewhere(request)
    with tenant_transaction(request.caisse):
        if user is not None:
            actor = Actor(kind="party", name=user.name, user_id=user.id)
            record(actor=actor, action="signed_out", object_type="user", object_id=user.id)
        logout(request)
    return redirect("sign_in_openid_out" if leave_elsewhere else "sign_in")


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


def _find_stage(request: PortalRequest) -> SecondFactorStage | None:
    with tenant_transaction(request.caisse):
        stage: SecondFactorStage | None = LoginStageController.enter(request, SecondFactorStage.key)
    return stage if stage is not None and stage.user.is_active else None


def _start_again(request: PortalRequest) -> HttpResponse:
    if request.identity.is_authenticated:
        return redirect("home")
    messages.warning(request, _say(SignInInterrupted()))
    return redirect("sign_in")


def _way_page(
    request: PortalRequest, stage: SecondFactorStage, chosen: Factor, error: RelaisError | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        **chosen.describe(stage.asking(chosen)),
        "way": chosen,
        "title": gettext(chosen.label),
        "action": way_address(chosen),
        "challenge": reverse("sign_in_way_challenge"),
        "start": "sign_in_way_start",
        "others": "sign_in_ways" if len(stage.list_ways()) > 1 else "",
        "refusal": _say(error) if error else "",
    }
    request.session.modified = True
    return render(request, "web/sign_in/way.html", context, status=error.status if error else 200)


def _say(error: RelaisError) -> str:
    text = gettext(error.message)
    return text % error.params if error.params else text
