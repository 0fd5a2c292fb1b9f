"""Signing in with a passkey and nothing else, and what passkeys are asked at the sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from core.accounts import reentry
from core.accounts.errors import SignInInterrupted
from core.accounts.factors import get_factor, passkeys
from core.accounts.levels import PASSKEY
from core.accounts.redirects import safe_next
from core.accounts.stages import SecondFactorStage
from core.kernel.errors import NotFound, RelaisError
from core.web.policies import person, public
from core.web.sign_in.page import password_page
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.web.requests import PortalRequest


@public
@never_cache
@require_safe
def challenge(request: PortalRequest) -> JsonResponse:
    """Give the sign-in page's script what a passkey is asked; nobody has said yet who she is."""
    if not passkeys.is_alone_enough(request.caisse):
        raise NotFound
    return JsonResponse(passkeys.ask_somebody(request, request.caisse).as_json())


@public
@never_cache
@sensitive_post_parameters("credential")
@require_POST
def sign_in(request: PortalRequest) -> HttpResponse:
    """Sign in with a passkey: the device has checked its user, so nothing else is asked."""
    back = safe_next(request)
    try:
        user = passkeys.verify_passkey(request=request, caisse=request.caisse, typed=request.POST.dict())
    except RelaisError as error:
        return password_page(request, back, error)
    record_authentication(request, user, method=PASSKEY)
    # The stages open their own scopes: what they count must stay counted when they refuse.
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=back or None))
    return response


@public
@never_cache
@require_safe
def own_challenge(request: PortalRequest) -> HttpResponse:
    """Give the script what her own passkeys are asked, after the password."""
    with tenant_transaction(request.caisse):
        stage: SecondFactorStage | None = LoginStageController.enter(request, SecondFactorStage.key)
    if stage is None:
        raise SignInInterrupted
    return JsonResponse(passkeys.ask_her(stage.asking(get_factor(passkeys.KIND))).as_json())


@person
@never_cache
@require_safe
def challenge_again(request: PortalRequest, user: User) -> HttpResponse:
    """Give the script what her own passkeys are asked, before what matters."""
    asked = reentry.asking(request=request, caisse=request.caisse, user=user, way=get_factor(passkeys.KIND))
    return JsonResponse(passkeys.ask_her(asked).as_json())
