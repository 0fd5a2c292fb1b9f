"""The last question of a sign-in, where the caisse allows it: whether this browser is to be remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.devices import summarise_device
from core.accounts.levels import PASSWORD
from core.accounts.policy import sign_in_policy
from core.accounts.trusted import RememberStage, remember_device, write_cookie
from core.web.policies import public
from core.web.sign_in.pending import find_stage, start_again
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest) -> HttpResponse:
    """Ask once; either answer completes the sign-in."""
    stage = find_stage(request, RememberStage)
    if stage is None:
        return start_again(request)
    if request.method != "POST":
        days = sign_in_policy(request.caisse).trusted_device_days
        return render(request, "web/sign_in/remember.html", {"days": days})
    secret = _remember(request, stage) if "remember" in request.POST else ""
    with tenant_transaction(request.caisse):
        response: HttpResponse = stage.exit()
    if secret:
        write_cookie(request=request, response=response, caisse=request.caisse, secret=secret)
    return response


def _remember(request: PortalRequest, stage: RememberStage) -> str:
    user = stage.login.user
    proved = [one["method"] for one in get_authentication_records(request, user) if one["method"] != PASSWORD]
    device = summarise_device(request.META.get("HTTP_USER_AGENT", ""))
    return remember_device(caisse=request.caisse, user=user, device=device, method=proved[-1] if proved else "")
