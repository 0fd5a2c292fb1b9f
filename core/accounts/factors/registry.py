"""The list of second factors, and what one of them is told when it asks for a proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.accounts import policy
from core.accounts.levels import level_beside_password
from core.accounts.models import EnrolledFactor
from core.audit.services import record
from core.kernel.actors import Actor
from core.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest

    from core.accounts.models import User
    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class Asking:
    """One proof under way: of whom, for what, and what the factor keeps of it in the session between two requests.

    ``purpose`` is ``sign_in`` or ``reentry``. Nothing secret goes into ``state``.
    """

    request: HttpRequest
    caisse: CaisseRef
    user: User
    purpose: str
    state: dict[str, Any]

    def note(self, action: str, **data: Any) -> None:
        """Write what she did into the audit, within the open scope."""
        actor = Actor(kind="party", name=self.user.name, user_id=self.user.id)
        record(actor=actor, action=action, object_type="user", object_id=self.user.id, data=data)


@dataclass(frozen=True, slots=True)
class Factor:
    """One second factor. ``name`` is the one in the section ``sign_in``, ``method`` the one in ``levels``.

    ``is_enrolled`` is given what she has set up, read once for all factors. ``start`` does what must be done before the
    page is shown, such as sending a code. ``check`` takes the posted fields and raises a ``RelaisError`` unless they
    prove it; it commits a try before it returns or raises. ``describe`` says what ``template`` shows; both open their
    own scopes.
    A factor with ``always`` need not be named by the caisse.
    """

    name: str
    method: str
    label: str
    template: str
    is_enrolled: Callable[[User, Sequence[EnrolledFactor]], bool]
    check: Callable[[Asking, Mapping[str, str]], None]
    start: Callable[[Asking], None] = lambda _asking: None
    describe: Callable[[Asking], dict[str, Any]] = lambda _asking: {}
    always: bool = False

    @property
    def level(self) -> int:
        """What it proves beside a password."""
        return level_beside_password(self.method)


_factors: dict[str, Factor] = {}


def register_factor(factor: Factor) -> None:
    """Add a factor; repeating it is harmless."""
    _factors[factor.name] = factor
    if not factor.always:
        policy.add_factor(factor.name)


def get_factor(name: str) -> Factor:
    """Return a factor by its name; raises ``NotFound``."""
    try:
        return _factors[name]
    except KeyError:
        raise NotFound from None


def list_offered(caisse: CaisseRef) -> list[Factor]:
    """Return the factors that people may use here: the strongest first, then in the caisse's order."""
    named = policy.list_factors(policy.sign_in_policy(caisse))
    offered = [_factors[name] for name in named if name in _factors]
    offered += [factor for factor in _factors.values() if factor.always]
    return sorted(offered, key=lambda factor: -factor.level)


def list_enrolled(caisse: CaisseRef, user: User) -> list[Factor]:
    """Return those that she can use here today, the strongest first; within an open scope."""
    rows = list(EnrolledFactor.objects.filter(user_id=user.id).only("kind", "last_used_at"))
    return [factor for factor in list_offered(caisse) if factor.is_enrolled(user, rows)]
