"""Where the reader stands with the terms of use: asked once per sign-in, then remembered in her session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.policy import caisse_today
from core.terms import memory
from core.terms.answering import get_standing
from core.terms.rules import Standing, in_force
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

_SEEN = "terms"


def find_standing(request: PortalRequest, actor: Actor, audience: str) -> Standing:
    """Return where the actor stands; no query while nothing asks, nor after her answer was seen once."""
    versions = memory.list_published(request.caisse, audience)
    if not versions:
        return Standing("free")
    asking = in_force([one for one in versions if one.asks], caisse_today(request.caisse))
    seen, company = request.session.get(_SEEN, {}), str(actor.acting_party_id)
    if asking is not None and seen.get(company) == str(asking.id):
        return Standing("accepted", asking)
    with tenant_transaction(request.caisse):
        standing = get_standing(actor, audience)
    # A version that is still to come is shown until it holds, so only a quiet standing is remembered.
    if standing.state == "accepted" and standing.version and standing.coming is None:
        request.session[_SEEN] = {**seen, company: str(standing.version.id)}
    return standing
