"""By what a person may prove anew who she is: password, her factors, and those outside who vouch for her."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from core.accounts import reentry
from core.accounts.levels import KNOWLEDGE, STRONG
from core.accounts.openid.provider import settings_of
from core.accounts.outside import certificates
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.accounts.factors import Factor
    from core.accounts.models import User
    from core.web.requests import PortalRequest
    from core.web.sign_in.keeping import Needed


@dataclass(frozen=True, slots=True)
class Outside:
    """One who vouches for her from outside; ``level`` is the most that this can be worth."""

    label: str
    url: str
    level: int


@dataclass(frozen=True, slots=True)
class Means:
    """What she has: ``factors`` are strong enough, ``outside`` may need one of them beside it."""

    factors: list[Factor]
    outside: list[Outside]
    has_password: bool
    needs_first: bool
    level: int

    @property
    def alone(self) -> list[Factor]:
        """Her factors that need nothing beside them."""
        return [one for one in self.factors if one.level >= STRONG]

    @property
    def strong_outside(self) -> list[Outside]:
        """Those outside whose word can be enough by itself."""
        return [one for one in self.outside if one.level >= self.level]

    @property
    def outside_first(self) -> list[Outside]:
        """Those outside with whom she can begin: enough by themselves, or with a factor after them."""
        return self.outside if self.factors else self.strong_outside

    @property
    def can_reach(self) -> bool:
        """Whether any of it leads to what is asked."""
        first = self.has_password or bool(self.outside) or not self.needs_first
        low = self.has_password and self.level <= KNOWLEDGE
        return low or bool(self.alone or self.strong_outside) or (first and bool(self.factors))


def find_means(request: PortalRequest, user: User, needed: Needed) -> Means:
    """Return by what she can prove what is needed; opens a scope of its own."""
    found = reentry.list_ways(caisse=request.caisse, user=user)
    return Means(
        factors=[one for one in found if needed.accepts(one)],
        outside=list_outside(request, user),
        has_password=user.has_usable_password(),
        needs_first=reentry.is_password_needed(request.session, fresh=needed.fresh),
        level=needed.level,
    )


def list_outside(request: PortalRequest, user: User) -> list[Outside]:
    """Return those outside who can vouch for her here, the strongest first: only what she has linked or registered."""
    provider = settings_of(request.caisse)
    with tenant_transaction(request.caisse):
        has_card = certificates.is_offered(request.caisse) and bool(certificates.list_keys(user.id, "certificate"))
        linked = certificates.list_keys(user.id, "openid") if provider.is_offered else []
    found = []
    if has_card:
        found.append(Outside(gettext("Certificate"), reverse("sign_in_again_certificate"), STRONG))
    if any(one.issuer == provider.issuer for one in linked):
        most = max([KNOWLEDGE, *(one.level for one in provider.levels)])
        found.append(Outside(provider.name, reverse("sign_in_again_openid"), most))
    return found
