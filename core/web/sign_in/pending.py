"""A sign-in that was begun and waits for its next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from allauth.account.stages import LoginStage, LoginStageController
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext

from core.accounts.errors import SignInInterrupted
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest

S = TypeVar("S", bound=LoginStage)


def find_stage(request: PortalRequest, kind: type[S]) -> S | None:
    """Return the stage at which this browser's sign-in stands, if it is of that kind and its user may still enter."""
    with tenant_transaction(request.caisse):
        stage = LoginStageController.enter(request, kind.key)
    return cast("S", stage) if stage is not None and stage.login.user.is_active else None


def start_again(request: PortalRequest) -> HttpResponse:
    """Lead to the sign-in's beginning and say why."""
    if request.identity.is_authenticated:
        return redirect("home")
    messages.warning(request, gettext(SignInInterrupted().message))
    return redirect("sign_in")
