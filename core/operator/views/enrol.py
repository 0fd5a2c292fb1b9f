"""Setting up the sign-in by a one-time link; looking at the page uses nothing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel.errors import NotFound, RelaisError
from core.operator.enrolment import enrol_by_passkey, enrol_by_password, get_invited
from core.operator.setting_up import offer_secret
from core.operator.views.saying import origin_of, say
from core.operator.webauthn import ask_to_set_up
from core.web.policies import public
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.operator.requests import OperatorRequest


@public
@never_cache
@sensitive_post_parameters("password", "again", "code", "sealed")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: OperatorRequest, token: str) -> HttpResponse:
    """Offer both ways; the first that is completed uses the link up."""
    if request.method != "POST":
        return _page(request, token)
    try:
        _complete(request, token)
    except NotFound:
        raise
    except RelaisError as error:
        return _page(request, token, error)
    return HttpResponseRedirect(f"{reverse('operator_sign_in')}?enrolled=1")


def _complete(request: OperatorRequest, token: str) -> None:
    typed = request.POST
    if typed.get("way") == "passkey":
        enrol_by_passkey(
            secret=token,
            credential=typed.get("credential", ""),
            state=typed.get("state", ""),
            origin=origin_of(request),
            label=typed.get("label", ""),
        )
    else:
        enrol_by_password(
            secret=token,
            password=typed.get("password", ""),
            again=typed.get("again", ""),
            sealed=typed.get("sealed", ""),
            typed=typed.get("code", ""),
        )


def _page(request: OperatorRequest, token: str, error: RelaisError | None = None) -> HttpResponse:
    with platform_transaction():
        invited = get_invited(token)
    context = {
        "invited": invited,
        "token": token,
        "offer": offer_secret(invited, sealed=request.POST.get("sealed", "")),
        "label": request.POST.get("label", ""),
        "refusal": say(error) if error else "",
    }
    return render(request, "operator/enrol.html", context, status=error.status if error else 200)


@public
@never_cache
@require_safe
def challenge(request: OperatorRequest, token: str) -> JsonResponse:
    """Give the page's script what a new passkey is asked."""
    del request
    with platform_transaction():
        invited = get_invited(token)
        known = list(invited.passkeys.all())
    return JsonResponse(ask_to_set_up(invited, known).as_json())
