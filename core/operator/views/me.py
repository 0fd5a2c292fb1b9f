"""The operator's own sign-in: passkeys, password with one-time password, and where she is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.kernel.errors import RelaisError
from core.operator import services
from core.operator.errors import WayLast
from core.operator.factors import has_password_and_code
from core.operator.policies import operator, operator_proved
from core.operator.selectors import list_passkeys, list_sessions
from core.operator.setting_up import offer_secret
from core.operator.views.saying import origin_of, say
from core.operator.webauthn import ask_to_set_up
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest


@operator
@require_safe
def show(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """Show her ways in and her sessions."""
    return _page(request)


def _page(request: OperatorRequest, error: RelaisError | None = None) -> HttpResponse:
    with platform_transaction():
        passkeys, sessions = list_passkeys(request.operator), list_sessions(request.operator)
    key = request.session.session_key
    context = {
        "passkeys": passkeys,
        "has_password": has_password_and_code(request.operator),
        "sessions": [(one, services.name_session(one), services.is_this_session(one, key)) for one in sessions],
        "refusal": say(error) if error else "",
    }
    return render(request, "operator/me.html", context, status=error.status if error else 200)


@operator_proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Add a passkey."""
    if request.method != "POST":
        return render(request, "operator/me_passkey.html")
    typed = {name: request.POST.get(name, "") for name in ("credential", "state", "label")}
    try:
        services.add_passkey(
            actor=actor, session=request.session, operator=request.operator, origin=origin_of(request), **typed
        )
    except RelaisError as error:
        context = {"refusal": say(error), "label": typed["label"]}
        return render(request, "operator/me_passkey.html", context, status=error.status)
    messages.success(request, gettext("The passkey is set up."))
    return redirect("operator_me")


@operator_proved
@never_cache
@require_safe
def challenge(request: OperatorRequest, _actor: Actor) -> JsonResponse:
    """Give the page's script what a new passkey is asked."""
    with platform_transaction():
        known = list_passkeys(request.operator)
    return JsonResponse(ask_to_set_up(request.operator, known).as_json())


@operator_proved
@require_POST
def remove_passkey(request: OperatorRequest, actor: Actor, passkey_id: UUID) -> HttpResponse:
    """Remove a passkey."""
    try:
        services.remove_passkey(actor=actor, session=request.session, operator=request.operator, passkey_id=passkey_id)
    except WayLast as error:
        return _page(request, error)
    messages.success(request, gettext("The passkey is removed, and your other devices are signed out."))
    return redirect("operator_me")


@operator_proved
@never_cache
@sensitive_post_parameters("password", "again", "code", "sealed")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Set or replace password and one-time password."""
    if request.method != "POST":
        return _password_page(request)
    typed = {name: request.POST.get(name, "") for name in ("password", "again", "sealed")}
    try:
        services.set_password(
            actor=actor, session=request.session, operator=request.operator, typed=request.POST.get("code", ""), **typed
        )
    except RelaisError as error:
        return _password_page(request, error)
    messages.success(request, gettext("Password and one-time password are set, and your other devices are signed out."))
    return redirect("operator_me")


def _password_page(request: OperatorRequest, error: RelaisError | None = None) -> HttpResponse:
    offer = offer_secret(request.operator, sealed=request.POST.get("sealed", ""))
    context = {"offer": offer, "refusal": say(error) if error else ""}
    return render(request, "operator/me_password.html", context, status=error.status if error else 200)


@operator_proved
@require_POST
def remove_password(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Leave passkeys as the only way in."""
    try:
        services.remove_password(actor=actor, session=request.session, operator=request.operator)
    except WayLast as error:
        return _page(request, error)
    messages.success(request, gettext("You now sign in with passkeys only; your other devices are signed out."))
    return redirect("operator_me")


@operator
@require_POST
def end_session(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Sign out another device."""
    services.end_session(actor=actor, operator=request.operator, name=request.POST.get("session", ""))
    messages.success(request, gettext("The device is signed out."))
    return redirect("operator_me")


@operator
@require_POST
def sign_out_everywhere(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Sign out all devices, this one too."""
    services.sign_out_everywhere(actor=actor, session=request.session, operator=request.operator)
    return redirect("operator_sign_in")
