"""Where an operator comes in from the platform's host, with a token that works once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.accounts.addresses import counted_address
from core.accounts.devices import summarise_device
from core.accounts.sessions import Origin, SessionStore
from core.accounts.support.crossing import use_pass
from core.web.policies import public
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


# The form stands on the platform's host, which has no CSRF cookie here; the token itself, which only the
# operator's own session there can have made a moment ago, takes its place.
@public
@csrf_exempt
@never_cache
@sensitive_post_parameters("token")
@require_POST
def enter(request: PortalRequest) -> HttpResponse:
    """Open the session of the access, and lead to the desk; without a good token there is nothing here."""
    origin = Origin(counted_address(request), summarise_device(request.META.get("HTTP_USER_AGENT", "")))
    with tenant_transaction(request.caisse):
        key = use_pass(token=request.POST.get("token", ""), origin=origin)
    if isinstance(request.session, SessionStore):
        request.session.adopt(key)
    return redirect("desk_queue")
