"""Recovery codes: ten for the day when the telephone is gone, each shown once, hashed, and used once."""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import check_password, make_password

from core.accounts import limiter
from core.accounts.errors import RecoveryCodeWrong, SignInLocked
from core.accounts.factors.registry import Factor, register_factor
from core.accounts.levels import RECOVERY
from core.accounts.limits import RECOVERY_BY_ACCOUNT, RECOVERY_BY_ACCOUNT_A_DAY
from core.accounts.models import EnrolledFactor, User
from core.accounts.texts import RECOVERY_CODE_USED
from core.kernel import clock
from core.kernel.identifiers import READABLE_ALPHABET, group_code, new_readable_code, normalise_code
from core.kernel.text import N_
from core.notices.services import send_mail
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from core.accounts.factors.registry import Asking

KIND = "recovery_code"
COUNT = 10
# The first character only finds the row; the eleven others are 55 random bits behind a password's hash.
LENGTH = 12
FEW = 3
_LONGEST = 40


def make_codes() -> list[str]:
    """Return ten new codes as they are printed, ``XXXX-XXXX-XXXX``; no two begin alike."""
    starts = secrets.SystemRandom().sample(READABLE_ALPHABET, COUNT)
    return [group_code(start + new_readable_code(LENGTH - 1)) for start in starts]


def hash_codes(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return first character and hash of each; slow, so outside any scope."""
    plain = [normalise_code(code) for code in codes]
    return [(code[0], make_password(code)) for code in plain]


def count_codes(user: User) -> int:
    """Return how many she has left, within an open scope."""
    return _unused(user).count()


def has_codes(user: User) -> bool:
    """Whether she has any left."""
    return _unused(user).exists()


def check_code(asking: Asking, typed: Mapping[str, str]) -> None:
    """Use a code up, committed before this returns or raises ``SignInLocked`` or ``RecoveryCodeWrong``."""
    subject, code = str(asking.user.id), normalise_code(typed.get("code", "")[:_LONGEST])
    with tenant_transaction(asking.caisse):
        verdict = limiter.take_all((RECOVERY_BY_ACCOUNT, RECOVERY_BY_ACCOUNT_A_DAY), subject)
        row = _unused(asking.user).filter(code_start=code[:1] or "-").first() if verdict.allowed else None
        if verdict.first_refusal:
            asking.note("code_refused", way=KIND, outcome="limited")
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    fits = check_password(code, row.code_hash if row is not None else _nobodys()) and row is not None
    with tenant_transaction(asking.caisse):
        if fits and row is not None and _spend(row):
            limiter.give_back(RECOVERY_BY_ACCOUNT, subject)
            limiter.give_back(RECOVERY_BY_ACCOUNT_A_DAY, subject)
            _tell(asking)
            return
        asking.note("code_refused", way=KIND, outcome="wrong")
    raise RecoveryCodeWrong


def describe(asking: Asking) -> dict[str, Any]:
    """Return how many are left."""
    with tenant_transaction(asking.caisse):
        return {"left": count_codes(asking.user)}


def _unused(user: User) -> QuerySet[EnrolledFactor]:
    return EnrolledFactor.objects.filter(user=user, kind=KIND, last_used_at__isnull=True)


def _spend(row: EnrolledFactor) -> bool:
    active = User.objects.filter(state="active").values("pk")
    live = EnrolledFactor.objects.filter(pk=row.pk, last_used_at__isnull=True, user_id__in=active)
    return bool(live.update(last_used_at=clock.now()))


def _tell(asking: Asking) -> None:
    user, left = asking.user, count_codes(asking.user)
    asking.note("recovery_code_used", left=left)
    if user.contact_email:
        send_mail(notice=RECOVERY_CODE_USED, to=user.contact_email, language=user.language, fields={"left": str(left)})


@cache
def _nobodys() -> str:
    """A hash of the usual cost, so that a code which nobody has takes as long as a wrong one."""
    return make_password("nobody has this code")


register_factor(
    Factor(
        name=KIND,
        method=RECOVERY,
        label=N_("Recovery code"),
        template="web/sign_in/ways/_recovery.html",
        is_enrolled=lambda _user, rows: any(row.kind == KIND and row.last_used_at is None for row in rows),
        check=check_code,
        describe=describe,
        always=True,
    )
)
