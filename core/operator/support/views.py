"""Asking a caisse for support access, and going in under one that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.accounts.support.crossing import VALID_SECONDS, issue_pass
from core.accounts.support.services import ask_for_support
from core.kernel.errors import Conflict, InvalidInput, NotFound
from core.operator.caisses.access import access_caisse
from core.operator.policies import operator, operator_proved
from core.operator.views.saying import say
from tenants.portal import portal_url
from tenants.scope import platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest
    from tenants.models import Caisse


@operator
@require_POST
def ask(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Write a request that the caisse's administrators see, with its reason."""
    caisse = _find(actor, caisse_id)
    try:
        with tenant_transaction(caisse.ref):
            ask_for_support(actor=actor, email=request.operator.email, purpose=request.POST.get("purpose", ""))
    except (InvalidInput, Conflict) as error:
        messages.error(request, say(error))
    else:
        messages.success(request, gettext("The caisse's administrators see your request in their console."))
    return redirect("operator_caisse", caisse_id=caisse.id)


@operator_proved
@never_cache
@require_POST
def enter(request: OperatorRequest, actor: Actor, caisse_id: str, grant_id: UUID) -> HttpResponse:
    """Make a token that works once, and show the button that carries it to the caisse's own host."""
    caisse = _find(actor, caisse_id)
    with tenant_transaction(caisse.ref):
        token = issue_pass(actor=actor, email=request.operator.email, grant_id=grant_id)
    target = portal_url(caisse.ref)
    context = {"caisse": caisse, "target": f"{target}/support/enter/", "token": token, "seconds": VALID_SECONDS}
    response = render(request, "operator/support/enter.html", context)
    scheme, _mark, rest = target.partition("://")
    # The form leads to another host, which the policy of all other pages forbids.
    response._csp_update = {"form-action": [f"{scheme}://{rest.partition('/')[0]}"]}  # type: ignore[attr-defined]  # django-csp's way
    return response


def _find(actor: Actor, caisse_id: str) -> Caisse:
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
    if caisse.state != "active":
        raise NotFound
    return caisse
