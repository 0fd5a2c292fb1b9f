"""Who may call: a program with a valid token, for the party that the token names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission

from core.kernel.actors import Actor
from core.kernel.errors import NotFound
from core.terms import memory
from core.terms.answering import get_standing
from core.terms.errors import TermsNotAccepted
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class HasActor(BasePermission):
    """Every call needs an actor; the token class puts it into ``request.auth``."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Answer 401 without a token, and 404 to the wrong side of the desk."""
        actor = request.auth
        if not isinstance(actor, Actor):
            raise NotAuthenticated
        if actor.is_desk != getattr(view, "for_desk", False):
            raise NotFound
        roles = getattr(view, "roles", None)
        if roles and not roles & actor.roles:
            raise NotFound
        if not actor.is_desk:
            _check_terms(request, actor)
        return True


def _check_terms(request: Request, actor: Actor) -> None:
    """Refuse a program whose company has nothing accepted that would open the portal to people either."""
    caisse = request._request.caisse  # type: ignore[attr-defined]  # set by the middleware
    if memory.list_published(caisse):
        with tenant_transaction(caisse):
            if get_standing(actor).state == "closed":
                raise TermsNotAccepted
