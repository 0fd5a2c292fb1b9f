"""The second factor of an authenticator app: each of its one-time passwords counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from core.accounts import limiter
from core.accounts.codes import clean_code
from core.accounts.errors import OneTimePasswordWrong, SignInLocked
from core.accounts.factors.registry import Factor, register_factor
from core.accounts.factors.sealing import unseal
from core.accounts.factors.totp_codes import find_step
from core.accounts.levels import TOTP
from core.accounts.limits import TOTP_BY_ACCOUNT, TOTP_BY_ACCOUNT_A_DAY
from core.accounts.models import EnrolledFactor, User
from core.kernel import clock
from core.kernel.text import N_
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.accounts.factors.registry import Asking

KIND = "totp"
# What seals a secret at rest, bound to the row's owner.
AT_REST = b"relais-totp"


def check_code(asking: Asking, typed: Mapping[str, str]) -> None:
    """Evaluate one try, committed before this returns or raises ``SignInLocked`` or ``OneTimePasswordWrong``."""
    subject = str(asking.user.id)
    with tenant_transaction(asking.caisse):
        verdict = limiter.take_all((TOTP_BY_ACCOUNT, TOTP_BY_ACCOUNT_A_DAY), subject)
        accepted = verdict.allowed and spend_code(asking.user, typed.get("code", ""))
        if accepted:
            limiter.give_back(TOTP_BY_ACCOUNT, subject)
            limiter.give_back(TOTP_BY_ACCOUNT_A_DAY, subject)
        elif verdict.allowed or verdict.first_refusal:
            asking.note("code_refused", way=KIND, outcome="wrong" if verdict.allowed else "limited")
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if not accepted:
        raise OneTimePasswordWrong


def spend_code(user: User, typed: str) -> bool:
    """Use a one-time password up if it is one of hers; of any number at once one succeeds, and none once blocked."""
    now, code = clock.now(), clean_code(typed)
    for row in EnrolledFactor.objects.filter(user=user, kind=KIND):
        secret = unseal(AT_REST, user.id, bytes(row.secret or b""))
        step = find_step(secret, code, now=now, after=row.last_step) if secret else None
        if step is not None:
            return _spend_step(row, step)
    return False


def _spend_step(row: EnrolledFactor, step: int) -> bool:
    unused = Q(last_step__isnull=True) | Q(last_step__lt=step)
    active = User.objects.filter(state="active").values("pk")
    live = EnrolledFactor.objects.filter(unused, pk=row.pk, secret=row.secret, user_id__in=active)
    return bool(live.update(last_step=step, last_used_at=clock.now()))


register_factor(
    Factor(
        name="totp",
        method=TOTP,
        label=N_("One-time password of an app"),
        template="web/sign_in/ways/_totp.html",
        is_enrolled=lambda _user, rows: any(row.kind == KIND for row in rows),
        check=check_code,
    )
)
