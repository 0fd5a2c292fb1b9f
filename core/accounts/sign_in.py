"""The first step of a sign-in: name and password, limited, the same for all who are refused.

Each step commits on its own before the answer, and no hash is computed within a transaction.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password

from core.accounts import limiter
from core.accounts.errors import PasswordRunOut, PasswordWrong, SignInLocked, SignInRefused
from core.accounts.limits import (
    REENTRY_BY_ACCOUNT,
    SIGN_IN_BY_ACCOUNT,
    SIGN_IN_BY_ADDRESS,
    SIGN_IN_BY_CAISSE,
)
from core.accounts.models import User
from core.accounts.names import resolve_name
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from tenants.scope import CaisseRef

LONGEST_PASSWORD = 1024
DOOR = Actor.system("sign-in")


def verify_password(*, caisse: CaisseRef, name: str, password: str, address: str) -> User:
    """Return the active user whose name and password these are.

    Raises ``SignInLocked`` when name or address was tried too often, else ``SignInRefused``:
    unknown, wrong and blocked are told apart only in the audit trail. Whoever knows a provisional
    password that has run out is told so: ``PasswordRunOut``.
    """
    subject = resolve_name(caisse, name)
    with tenant_transaction(caisse):
        # The address first: one that is refused must not use up an account's or the caisse's tries as well.
        verdict = limiter.take_in_turn(_limits(subject, address))
        user = User.objects.filter(sign_in_name=subject).first() if verdict.allowed else None
        if verdict.first_refusal:
            _record_refusal(user, "limited")
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    fits = _fits(user, password)
    with tenant_transaction(caisse):
        accepted = user is not None and fits and user.is_active
        if accepted:
            limiter.give_back_all(_limits(subject, address))
        if not accepted or _has_run_out(user):
            _record_refusal(user, "run_out" if accepted else _reason(user, fits=fits))
    if user is None or not accepted:
        raise SignInRefused
    if _has_run_out(user):
        raise PasswordRunOut
    return user


def verify_reentry(*, caisse: CaisseRef, user: User, password: str) -> None:
    """Check the password again before something that matters.

    Raises ``SignInLocked`` after too many tries, ``PasswordWrong`` otherwise.
    """
    with tenant_transaction(caisse):
        verdict = limiter.take(REENTRY_BY_ACCOUNT, str(user.id))
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    fits = _fits(user, password)
    with tenant_transaction(caisse):
        if fits:
            limiter.give_back(REENTRY_BY_ACCOUNT, str(user.id))
            return
        _record_refusal(user, "reentry")
    raise PasswordWrong


def _limits(subject: str, address: str) -> tuple[tuple[limiter.Limit, str], ...]:
    return (SIGN_IN_BY_ADDRESS, address), (SIGN_IN_BY_ACCOUNT, subject), (SIGN_IN_BY_CAISSE, "all")


def _fits(user: User | None, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        password = ""
    encoded = user.password if user is not None and user.has_usable_password() else _nobody()
    return check_password(password, encoded) and user is not None


@cache
def _nobody() -> str:
    """A hash of the usual cost, so that an unknown name takes as long as a known one."""
    return make_password("nobody signs in with this")


def _has_run_out(user: User | None) -> bool:
    return user is not None and user.password_expires_at is not None and user.password_expires_at <= clock.now()


def _reason(user: User | None, *, fits: bool) -> str:
    if user is None:
        return "unknown"
    return "state" if fits else "password"


def _record_refusal(user: User | None, reason: str) -> None:
    record(
        actor=DOOR,
        action="sign_in_refused",
        object_type="user",
        object_id=user.id if user is not None else None,
        data={"reason": reason},
    )
