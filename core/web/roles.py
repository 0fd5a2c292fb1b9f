"""The menu by which somebody with several roles says as whom she works now; every page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from core.accounts.policy import caisse_today
from core.accounts.roles import list_own_parties

if TYPE_CHECKING:
    from core.accounts.roles import OwnParty
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest
    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class RoleLink:
    """One role; ``current`` is the one in which this page was opened."""

    label: str
    url: str
    current: bool


def list_roles(request: PortalRequest, caisse: CaisseRef, actor: Actor | None) -> tuple[RoleLink, ...]:
    """Return her roles where there are several, else none; within an open scope.

    Without an actor the page is about herself alone.
    """
    identity = request.identity
    if identity.user is None or identity.support is not None:
        return ()
    parties = list_own_parties(identity.user.id, caisse_today(caisse))
    roles = [_party_role(one, actor) for one in parties]
    if identity.staff is not None:
        at_desk = actor is not None and actor.is_desk
        roles.append(RoleLink(gettext("At the desk of the caisse"), reverse("desk_queue"), at_desk))
    return tuple(roles) if len(roles) > 1 else ()


def _party_role(one: OwnParty, actor: Actor | None) -> RoleLink:
    label = gettext("As insured person") if one.role == "person" else gettext("For %(name)s") % {"name": one.name}
    url = reverse("party_dashboard", args=[one.id])
    here = actor is not None and (actor.party_id == one.id if one.role == "person" else actor.acting_party_id == one.id)
    return RoleLink(label, url, here)
