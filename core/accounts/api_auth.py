"""Sign-in of programs: a bearer token, looked up by its prefix and compared by its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from core.accounts import limiter
from core.accounts.addresses import counted_address
from core.accounts.limits import MINUTE, TOKEN_BY_ADDRESS
from core.accounts.tokens import find_actor
from core.kernel.errors import TooManyAttempts
from tenants.quotas import get_quotas
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef


class ApiRateReached(TooManyAttempts):
    """This caisse has had as many calls as it may in a minute. Try again in %(seconds)s seconds."""

    code = "api_rate_reached"


def _rate_of(caisse: CaisseRef) -> limiter.Limit:
    """The limit for all programs of a caisse together."""
    return limiter.Limit("api.caisse", get_quotas(caisse).api_per_minute, MINUTE)


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer relais_…``; the actor stands in ``request.auth``."""

    def authenticate(self, request: Request) -> tuple[None, Actor] | None:
        """Return the actor of a valid token; a wrong one is 401 whatever is wrong with it."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        plain: HttpRequest = request._request
        caisse: CaisseRef | None = getattr(plain, "caisse", None)
        if len(parts) != 2 or caisse is None:  # noqa: PLR2004 -- scheme and token
            raise AuthenticationFailed
        return None, self._find(plain, caisse, parts[1].decode("latin-1"))

    def authenticate_header(self, request: Request) -> str:
        """Say how to authenticate, so that the answer is 401 and not 403."""
        del request
        return "Bearer"

    def _find(self, request: HttpRequest, caisse: CaisseRef, secret: str) -> Actor:
        with tenant_transaction(caisse):
            actor = find_actor(secret)
            verdict = limiter.take(_rate_of(caisse), "all") if actor else None
        if actor is not None and verdict is not None:
            if not verdict.allowed:
                raise ApiRateReached(seconds=max(1, verdict.wait_seconds))
            return actor
        with tenant_transaction(caisse):
            verdict = limiter.take(TOKEN_BY_ADDRESS, counted_address(request))
        if not verdict.allowed:
            raise TooManyAttempts(minutes=verdict.wait_minutes)
        raise AuthenticationFailed
