"""The second factor of everybody with a telephone: a code of six digits by SMS."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from core.accounts import codes, limiter
from core.accounts.errors import CodeSpent, CodeWrong, SignInLocked
from core.accounts.factors.registry import Factor, register_factor
from core.accounts.levels import SMS_CODE
from core.accounts.limits import CODE_SENT_BY_ACCOUNT, CODE_TRIED_BY_ACCOUNT
from core.accounts.phones import mask_mobile
from core.accounts.policy import sign_in_policy
from core.accounts.texts import SIGN_IN_CODE
from core.kernel.errors import RelaisError
from core.kernel.text import N_
from core.notices.services import send_sms
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.accounts.factors.registry import Asking
    from core.accounts.models import EnrolledFactor, User


def send_code(asking: Asking) -> None:
    """Make a code and put it into the outbox; earlier ones stop working.

    Raises ``SignInLocked`` when too many were asked for, ``SmsBudgetSpent``,
    ``SmsNumberNotServed``; the count of those asked for commits either way.
    """
    caisse, user, state = asking.caisse, asking.user, asking.state
    with tenant_transaction(caisse):
        verdict = limiter.take(CODE_SENT_BY_ACCOUNT, str(user.id))
        made = _try_to_issue(asking) if verdict.allowed else None
    if made is None:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if isinstance(made, RelaisError):
        raise made
    state["code_id"] = str(made.id)
    state["sent"] = state.get("sent", 0) + 1


def check_code(asking: Asking, typed: Mapping[str, str]) -> None:
    """Evaluate one try, committed before this returns or raises.

    Raises ``CodeWrong`` with the tries left, ``CodeSpent``, or ``SignInLocked``.
    """
    subject = str(asking.user.id)
    with tenant_transaction(asking.caisse):
        verdict = limiter.take(CODE_TRIED_BY_ACCOUNT, subject)
        check = _evaluate(asking, typed.get("code", "")) if verdict.allowed else codes.CodeCheck("spent")
        if check.outcome == "accepted":
            limiter.give_back(CODE_TRIED_BY_ACCOUNT, subject)
            for _ in range(asking.state.pop("sent", 0)):
                limiter.give_back(CODE_SENT_BY_ACCOUNT, subject)
        else:
            asking.note("code_refused", outcome=check.outcome)
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if check.outcome == "wrong":
        raise CodeWrong(tries=check.tries_left)
    if check.outcome != "accepted":
        raise CodeSpent


def describe(asking: Asking) -> dict[str, Any]:
    """Return where the code went and how often it may still be tried."""
    code_id = asking.state.get("code_id")
    tries_left = 0
    if code_id:
        with tenant_transaction(asking.caisse):
            tries_left = codes.count_tries_left(UUID(code_id))
    minutes = sign_in_policy(asking.caisse).code_minutes
    return {"mobile": mask_mobile(asking.user.mobile), "minutes": minutes, "tries_left": tries_left}


def _try_to_issue(asking: Asking) -> codes.IssuedCode | RelaisError:
    """Make and send a code, or return what hinders it; then nothing but the count of those asked for remains."""
    try:
        with transaction.atomic():
            issued = _issue(asking)
            asking.note("code_sent")
    except RelaisError as error:
        return error
    return issued


def _issue(asking: Asking) -> codes.IssuedCode:
    policy, user, first = sign_in_policy(asking.caisse), asking.user, "binding" not in asking.state
    binding = asking.state.setdefault("binding", secrets.token_hex(16))
    issued = codes.issue_code(
        purpose=asking.purpose,
        user_id=user.id,
        binding=binding,
        minutes=policy.code_minutes,
        max_tries=policy.code_tries,
        first=first,
    )
    fields = {"code": issued.code, "minutes": str(policy.code_minutes)}
    send_sms(notice=SIGN_IN_CODE, to=user.mobile, language=user.language, fields=fields, good_until=issued.expires_at)
    return issued


def _evaluate(asking: Asking, typed: str) -> codes.CodeCheck:
    state = asking.state
    if "code_id" not in state:
        return codes.CodeCheck("spent")
    return codes.check_code(
        code_id=UUID(state["code_id"]),
        purpose=asking.purpose,
        binding=state["binding"],
        typed=codes.clean_code(typed),
    )


def _has_mobile(user: User, _rows: Sequence[EnrolledFactor]) -> bool:
    return bool(user.mobile)


register_factor(
    Factor(
        name="sms",
        method=SMS_CODE,
        label=N_("Code by SMS"),
        template="web/sign_in/ways/_sms.html",
        is_enrolled=_has_mobile,
        start=send_code,
        check=check_code,
        describe=describe,
    )
)
