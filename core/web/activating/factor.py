"""The step of the second factor where it is no SMS: an app or a passkey, set up and proved on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from core.accounts.factors import enrolling, first, passkeys
from core.accounts.invitations import completing
from core.accounts.invitations.activation import as_named
from core.accounts.invitations.errors import ActivationRefused, StepTooEarly
from core.accounts.invitations.steps import check_order
from core.kernel.errors import NotFound
from core.web.activating.keeping import find_enrolment
from core.web.activating.stepping import step_view, welcome
from core.web.policies import public

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from core.web.activating.keeping import Enrolment
    from core.web.requests import PortalRequest


@public
@never_cache
@sensitive_post_parameters("code", "sealed", "credential")
@step_view("mobile")
def set_up(request: PortalRequest, found: Enrolment) -> HttpResponse:
    """Prove the factor that was set up; it makes the account usable and leads to the sign-in."""
    chosen = first.get_first(request.caisse, request.POST.get("way", ""))
    keep = chosen.prove(request, request.caisse, as_named(found.row))
    user = completing.complete_with_factor(caisse=request.caisse, activation=found.row, keep=keep)
    return welcome(request, user)


@public
@never_cache
@require_safe
def challenge(request: PortalRequest) -> HttpResponseBase:
    """Give the page's script what a new passkey is asked; for who is not at that step, the way back to it."""
    try:
        found = find_enrolment(request)
        if found is None:
            return redirect("activate")
        check_order("mobile", found.done)
    except (ActivationRefused, StepTooEarly):
        return redirect("activate")
    if passkeys.KIND not in {one.factor.name for one in first.list_first(request.caisse)}:
        raise NotFound
    asked = enrolling.ask_for_passkey(request=request, caisse=request.caisse, user=as_named(found.row))
    return JsonResponse(asked.as_json())
