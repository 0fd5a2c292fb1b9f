"""Proving again who sits there, before what matters: at most ten minutes old, or at a higher level.

A sign-in counts as such a proof while it is that young. What each step proves is noted in the
session beside the sign-in's own methods, so that one measure (``core.accounts.levels``) serves both.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.accounts.factors import Asking, list_enrolled
from core.accounts.levels import KNOWLEDGE, PASSWORD, TRUSTED_DEVICE, TWO_FACTORS, level_of
from core.accounts.sessions import METHODS_KEY
from core.accounts.sign_in import verify_reentry
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest

    from core.accounts.factors import Factor
    from core.accounts.models import User
    from tenants.scope import CaisseRef

FRESH = timedelta(minutes=10)
# What the factors keep in the session between the steps.
KEY = "reentry"


def is_recent(session: SessionBase, level: int = TWO_FACTORS) -> bool:
    """Whether what was proved within the last ten minutes is worth the level."""
    return is_enough(session, level, fresh=True)


def is_enough(session: SessionBase, level: int, *, fresh: bool) -> bool:
    """Whether what was proved is worth the level: within the last ten minutes, or at all in this session."""
    proved = list_recent(session) if fresh else {one["method"] for one in session.get(METHODS_KEY, [])}
    return level_of(proved) >= level


def list_recent(session: SessionBase) -> set[str]:
    """Return the methods gone through within the last ten minutes; a remembered browser proves nothing anew."""
    since = (clock.now() - FRESH).timestamp()
    recent = {one["method"] for one in session.get(METHODS_KEY, []) if one.get("at", 0) >= since}
    return recent - {TRUSTED_DEVICE}


def is_password_needed(session: SessionBase, *, fresh: bool) -> bool:
    """Whether most factors by themselves would not do: nothing was proved that they could stand beside."""
    return not is_enough(session, KNOWLEDGE, fresh=fresh)


def prove_password(*, caisse: CaisseRef, session: SessionBase, user: User, password: str) -> None:
    """Check the password. Raises ``sign_in_locked`` or ``password_wrong``."""
    verify_reentry(caisse=caisse, user=user, password=password)
    _prove(session, PASSWORD)


def list_ways(*, caisse: CaisseRef, user: User) -> list[Factor]:
    """Return her factors, the strongest first."""
    with tenant_transaction(caisse):
        return list_enrolled(caisse, user)


def asking(*, request: HttpRequest, caisse: CaisseRef, user: User, way: Factor) -> Asking:
    """Return the proof that is under way by this factor."""
    kept: dict[str, Any] = request.session.setdefault(KEY, {})
    request.session.modified = True
    return Asking(request, caisse, user, "reentry", kept.setdefault(way.name, {}))


def start(asked: Asking, way: Factor) -> None:
    """Begin with a factor; raises what hinders it."""
    way.start(asked)


def prove(asked: Asking, way: Factor, typed: Mapping[str, str]) -> None:
    """Evaluate one try, committed before this returns or raises; the session goes on under a new key."""
    way.check(asked, typed)
    session = asked.request.session
    with tenant_transaction(asked.caisse):
        asked.note("reentered", method=way.method)
    session.pop(KEY, None)
    note_proof(session, way.method)


def prove_outside(*, caisse: CaisseRef, session: SessionBase, user: User, method: str, at: float | None = None) -> None:
    """Note what somebody outside has vouched for: a certificate's authority, or the provider; at ``at`` or just now."""
    with tenant_transaction(caisse):
        actor = Actor(kind="party", name=user.name, user_id=user.id)
        record(actor=actor, action="reentered", object_type="user", object_id=user.id, data={"method": method})
    note_proof(session, method, at=at)


def note_proof(session: SessionBase, method: str, *, at: float | None = None) -> None:
    """Note what she has just proved by a method, also while setting it up; the session goes on under a new key."""
    _prove(session, method, at)
    session.cycle_key()


def _prove(session: SessionBase, method: str, at: float | None = None) -> None:
    others = [one for one in session.get(METHODS_KEY, []) if one["method"] != method]
    session[METHODS_KEY] = [*others, {"method": method, "at": clock.now().timestamp() if at is None else at}]
