"""Access for programs of the caisse's administrators and auditors: they read or set its configuration by REST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.tokens import revoke_token
from core.web.policies import console
from core.web.tokens import describe_tokens
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@console
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, actor: Actor) -> HttpResponse:
    """One's own tokens: made after the password was entered again, shown once, ended at any time."""
    context = describe_tokens(request, actor)
    return render(request, "web/console/tokens.html", context, status=422 if context["refusal"] else 200)


@console
@require_POST
def revoke(request: PortalRequest, actor: Actor, token_id: UUID) -> HttpResponse:
    """End a program's access at once."""
    with tenant_transaction(request.caisse):
        revoke_token(actor=actor, token_id=token_id)
    messages.success(request, gettext("Access ended."))
    return redirect("console_tokens")
