"""An employer's leaflet for her staff, from the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_POST

from core.enrolment import staff_codes
from core.messaging import desk_parties
from core.web.enrolment.leaflet import leaflet_response
from core.web.policies import desk
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@desk
@require_POST
def of_employer(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """One employer's leaflet; her code is made at the first time."""
    with tenant_transaction(request.caisse):
        party = desk_parties.access_party(actor, party_id)
        code = staff_codes.get_code(actor=actor, party_id=party_id)
    return leaflet_response(request, request.POST.getlist("language"), code=code, company=party.name)
