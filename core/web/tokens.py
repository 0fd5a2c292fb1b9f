"""Access for programs, as the portal's page and the console's make and show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts import tokens as token_services
from core.accounts.levels import TWO_FACTORS
from core.accounts.reentry import is_recent
from core.accounts.sign_in import verify_reentry
from core.kernel.errors import AssuranceTooLow, NotFound, RelaisError
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.accounts.models import User
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


def describe_tokens(request: PortalRequest, actor: Actor) -> dict[str, Any]:
    """Return what the page shows: one's tokens, and one that was just asked for, shown once, or why not."""
    fresh, refusal = "", ""
    if request.method == "POST":
        try:
            fresh = _make(request, actor)
        except AssuranceTooLow:
            raise
        except RelaisError as error:
            refusal = gettext(error.message) % error.params if error.params else gettext(error.message)
    with tenant_transaction(request.caisse):
        listed = token_services.list_tokens(actor=actor)
    return {
        "tokens": listed,
        "fresh": fresh,
        "refusal": refusal,
        "name": request.POST.get("name", ""),
        "has_password": _has_password(request),
    }


def _make(request: PortalRequest, actor: Actor) -> str:
    user = request.identity.user
    if user is None:
        raise NotFound
    if request.identity.assurance_level < TWO_FACTORS:  # a token may do what a password alone may not
        raise AssuranceTooLow(needed=TWO_FACTORS)
    _check_again(request, user)
    with tenant_transaction(request.caisse):
        return token_services.create_token(actor=actor, name=request.POST.get("name", "")).secret


def _check_again(request: PortalRequest, user: User) -> None:
    """Ask for the password once more; who has none proves by her own means who she is, and comes back."""
    if user.has_usable_password():
        verify_reentry(caisse=request.caisse, user=user, password=request.POST.get("password", ""))
    elif not is_recent(request.session):
        raise AssuranceTooLow(needed=TWO_FACTORS, fresh=True)


def _has_password(request: PortalRequest) -> bool:
    user = request.identity.user
    return user is not None and user.has_usable_password()
