"""The page on which somebody with a password from a letter proves her mobile, or sets up another second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.stagekit import stash_login
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.factors import enrolling, first, passkeys
from core.accounts.first_mobile import FirstMobileStage
from core.accounts.own.profile import count_tries_left
from core.accounts.phones import mask_mobile
from core.accounts.policy import sign_in_policy
from core.kernel.errors import NotFound, RelaisError
from core.web.first_factor import describe_choice, offers_sms
from core.web.policies import public
from core.web.sign_in.pending import find_stage, start_again
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from core.web.requests import PortalRequest


@public
@never_cache
@sensitive_post_parameters("code", "sealed", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest) -> HttpResponse:
    """Ask for the number, then for the code, or for another factor; a right one goes on with the sign-in."""
    stage = find_stage(request, FirstMobileStage)
    if stage is None:
        return start_again(request)
    if request.method != "POST":
        return _page(request, stage)
    # What the stage keeps lies within the session's own data, which does not notice by itself.
    request.session.modified = True
    try:
        if "mobile" in request.POST or "change" in request.POST:
            return _take_number(request, stage)
        if way := request.POST.get("way"):
            stage.set_up(way)
        else:
            stage.confirm(request.POST.get("code", ""))
    except RelaisError as error:
        return _page(request, stage, error)
    with tenant_transaction(request.caisse):
        response: HttpResponse = stage.exit()
    return response


@public
@never_cache
@require_safe
def challenge(request: PortalRequest) -> HttpResponseBase:
    """Give the page's script what a new passkey is asked."""
    stage = find_stage(request, FirstMobileStage)
    if stage is None:
        return start_again(request)
    first.get_first(request.caisse, passkeys.KIND)
    asked = enrolling.ask_for_passkey(request=request, caisse=request.caisse, user=stage.user)
    return JsonResponse(asked.as_json())


def _take_number(request: PortalRequest, stage: FirstMobileStage) -> HttpResponse:
    if "change" in request.POST:
        stage.forget()
    elif not offers_sms(request):
        raise NotFound
    else:
        stage.ask(request.POST.get("mobile", ""))
    stash_login(request, stage.login)
    return redirect(FirstMobileStage.urlname)


def _page(request: PortalRequest, stage: FirstMobileStage, error: RelaisError | None = None) -> HttpResponse:
    sent = stage.sent
    here = reverse(FirstMobileStage.urlname)
    context: dict[str, Any] = {
        "mobile": mask_mobile(sent.to) if sent else "",
        "set_up_at": here,
        "challenge_at": reverse("sign_in_first_mobile_challenge"),
        "choose_at": f"{here}?",
        **describe_choice(request, stage.user),
        "minutes": sign_in_policy(request.caisse).code_minutes,
        "tries_left": count_tries_left(caisse=request.caisse, sent=sent) if sent else 0,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/sign_in/first_mobile.html", context, status=error.status if error else 200)
