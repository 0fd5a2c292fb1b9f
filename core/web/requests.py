"""The request as our middleware has prepared it; for types only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from core.accounts.identity import Identity
    from core.accounts.models import User
    from core.kernel.actors import Actor
    from core.terms.rules import Standing
    from tenants.scope import CaisseRef


class PortalRequest(HttpRequest):
    """A request to a caisse's host."""

    caisse: CaisseRef
    identity: Identity
    actor: Actor
    person: User
    terms: Standing
