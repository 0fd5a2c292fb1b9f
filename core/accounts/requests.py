"""The request as this room's middleware has prepared it; for types only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from core.accounts.identity import Identity
    from core.accounts.sessions import SessionStore
    from tenants.scope import CaisseRef


class AccountRequest(HttpRequest):
    """A request with its session and identity; ``caisse`` is None on the platform's own pages."""

    caisse: CaisseRef | None
    identity: Identity
    session: SessionStore
