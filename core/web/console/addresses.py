"""The console's page on the caisse's addresses: which there are, what the last look found, how to get another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.web.policies import console
from tenants import hosts
from tenants.host_check.services import list_own_checks, tell
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@console
@require_GET
def show(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """Each address with the result of the last look; the operator adds and removes them."""
    entry = hosts.get_entry(request.caisse)
    with tenant_transaction(request.caisse):
        checks = list_own_checks()
    rows = []
    for one in entry.addresses:
        check = checks.get((one.host, one.path_prefix))
        rows.append(
            {
                "text": f"{one.host}/{one.path_prefix}".rstrip("/"),
                "is_primary": one == entry.primary,
                "told": tell(check) if check else None,
            }
        )
    return render(request, "web/console/addresses.html", {"rows": rows, "platform_domain": settings.PLATFORM_DOMAIN})
