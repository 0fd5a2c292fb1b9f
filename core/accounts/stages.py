"""The stages of a sign-in after its first step, in allauth's mechanism; rooms register theirs here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.accounts.errors import NoSecondFactor
from core.accounts.factors import Asking, list_enrolled, list_offered
from core.accounts.levels import TWO_FACTORS, level_of
from core.accounts.policy import sign_in_policy
from core.kernel.errors import NotFound
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from core.accounts.factors import Factor
    from core.accounts.models import User
    from tenants.scope import CaisseRef

# In the session: she has signed in by SMS and has nothing better, though the caisse names it.
OFFER_KEY = "offer_factor"
_stages: list[tuple[int, str]] = []


def register(path: str, order: int) -> None:
    """Add a stage by its dotted path; lower orders come first; repeating it is harmless."""
    if (order, path) not in _stages:
        _stages.append((order, path))
        _stages.sort()


def list_stages() -> list[str]:
    """Return the dotted paths in order."""
    return [path for _order, path in _stages]


class SecondFactorStage(LoginStage):  # type: ignore[misc]  # untyped library
    """One of her second factors, the strongest unless she chooses another; passed where the first step is as strong.

    What a factor needs between requests lies in ``state``, which allauth keeps in the session.
    """

    key = "second_factor"
    urlname = "sign_in_ways"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Start the strongest and lead to its page; pass on where the caisse lets a password alone suffice."""
        if level_of(self.methods) >= TWO_FACTORS:
            return None, True
        ways = self.list_ways()
        if not ways:
            if sign_in_policy(self.caisse).password_alone:
                return None, True
            raise NoSecondFactor
        self.start(ways[0])
        return HttpResponseRedirect(way_address(ways[0])), True

    @property
    def caisse(self) -> CaisseRef:
        """The caisse at which somebody signs in."""
        caisse: CaisseRef = self.request.caisse
        return caisse

    @property
    def user(self) -> User:
        """Who signs in; the first step was right."""
        user: User = self.login.user
        return user

    @property
    def methods(self) -> list[str]:
        """What she has proved so far."""
        return [one["method"] for one in get_authentication_records(self.request, self.user)]

    def list_ways(self) -> list[Factor]:
        """Return the factors that she can use, the strongest first."""
        with tenant_transaction(self.caisse):
            return list_enrolled(self.caisse, self.user)

    def find_way(self, name: str) -> Factor:
        """Return one of her factors; raises ``NotFound``."""
        for way in self.list_ways():
            if way.name == name:
                return way
        raise NotFound

    def asking(self, way: Factor) -> Asking:
        """Return the proof that is under way by this factor."""
        kept: dict[str, Any] = self.state.setdefault(way.name, {})
        return Asking(self.request, self.caisse, self.user, "sign_in", kept)

    def start(self, way: Factor) -> None:
        """Begin with a factor; raises what hinders it, such as ``SignInLocked``."""
        way.start(self.asking(way))

    def check(self, way: Factor, typed: Mapping[str, str]) -> None:
        """Evaluate one try, committed before this returns or raises why it proved nothing."""
        way.check(self.asking(way), typed)
        record_authentication(self.request, self.user, method=way.method)
        if way.level == TWO_FACTORS and self._could_do_better():
            self.request.session[OFFER_KEY] = True

    def _could_do_better(self) -> bool:
        """Whether she has no second factor but the weakest, and the caisse names a stronger one."""
        with tenant_transaction(self.caisse):
            own = list_enrolled(self.caisse, self.user)
        best = max((one.level for one in list_offered(self.caisse)), default=0)
        return best > TWO_FACTORS and all(one.level <= TWO_FACTORS for one in own)


def way_address(way: Factor) -> str:
    """Return the address of a factor's page within a sign-in."""
    return reverse("sign_in_code") if way.name == "sms" else reverse("sign_in_way", args=[way.name])


register("core.accounts.stages.SecondFactorStage", order=50)
