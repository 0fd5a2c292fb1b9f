"""Browsers that are remembered in place of the second factor: listed and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.accounts.policy import sign_in_policy
from core.accounts.trusted import list_devices, revoke_device
from core.web.policies import person
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import User
    from core.web.requests import PortalRequest


@person
@never_cache
@require_GET
def show(request: PortalRequest, user: User) -> HttpResponse:
    """List them."""
    with tenant_transaction(request.caisse):
        listed = list_devices(user.id)
    return render(
        request, "web/me/browsers.html", {"listed": listed, "days": sign_in_policy(request.caisse).trusted_device_days}
    )


@person
@require_POST
def forget(request: PortalRequest, user: User, device_id: UUID) -> HttpResponse:
    """Ask for the second factor there again."""
    with tenant_transaction(request.caisse):
        revoke_device(user=user, device_id=device_id)
    messages.success(request, gettext("This browser is asked for your second factor again."))
    return redirect("me_browsers")
