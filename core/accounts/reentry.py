"""Proving again who sits there, before what matters: password and code, at most ten minutes old.

A sign-in counts as such a proof while it is that young. What each step proves is noted in the
session beside the sign-in's own methods, so that one measure (``core.accounts.levels``) serves both.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.accounts import codes, limiter
from core.accounts.errors import CodeSpent, CodeWrong, NoSecondFactor, SignInLocked
from core.accounts.levels import PASSWORD, SMS_CODE, TWO_FACTORS, level_of
from core.accounts.limits import CODE_SENT_BY_ACCOUNT, CODE_TRIED_BY_ACCOUNT
from core.accounts.policy import sign_in_policy
from core.accounts.sessions import METHODS_KEY
from core.accounts.sign_in import verify_reentry
from core.accounts.texts import SIGN_IN_CODE
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from core.notices.services import send_sms
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

    from core.accounts.models import User
    from tenants.scope import CaisseRef

FRESH = timedelta(minutes=10)
PURPOSE = "reentry"
# What lies in the session between the steps: the code's id and what binds it to this browser.
KEY = "reentry"


def is_recent(session: SessionBase, level: int = TWO_FACTORS) -> bool:
    """Whether what was proved within the last ten minutes is worth the level."""
    since = (clock.now() - FRESH).timestamp()
    young = [one["method"] for one in session.get(METHODS_KEY, []) if one.get("at", 0) >= since]
    return level_of(young) >= level


def prove_password(*, caisse: CaisseRef, session: SessionBase, user: User, password: str) -> None:
    """Check the password, and send a code to her mobile.

    Raises ``sign_in_locked``, ``password_wrong``, ``no_second_factor``, or what sending an SMS raises.
    """
    verify_reentry(caisse=caisse, user=user, password=password)
    if not user.mobile:
        raise NoSecondFactor
    send_code(caisse=caisse, session=session, user=user)
    _prove(session, PASSWORD)


def send_code(*, caisse: CaisseRef, session: SessionBase, user: User) -> None:
    """Send a code; earlier ones stop working. Raises ``sign_in_locked``, or what sending an SMS raises."""
    with tenant_transaction(caisse):
        verdict = limiter.take(CODE_SENT_BY_ACCOUNT, str(user.id))
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    policy, kept = sign_in_policy(caisse), dict(session.get(KEY, {}))
    binding = kept.get("binding") or secrets.token_hex(16)
    with tenant_transaction(caisse):
        issued = codes.issue_code(
            purpose=PURPOSE,
            user_id=user.id,
            binding=binding,
            minutes=policy.code_minutes,
            max_tries=policy.code_tries,
        )
        fields = {"code": issued.code, "minutes": str(policy.code_minutes)}
        send_sms(
            notice=SIGN_IN_CODE, to=user.mobile, language=user.language, fields=fields, good_until=issued.expires_at
        )
        _note(user, "code_sent")
    session[KEY] = kept | {"binding": binding, "code_id": str(issued.id), "sent": kept.get("sent", 0) + 1}


def prove_code(*, caisse: CaisseRef, session: SessionBase, user: User, typed: str) -> None:
    """Evaluate one try, committed before this returns or raises; the session goes on under a new key.

    Raises ``code_wrong`` with the tries left, ``code_spent``, or ``sign_in_locked``.
    """
    kept = session.get(KEY, {})
    with tenant_transaction(caisse):
        verdict = limiter.take(CODE_TRIED_BY_ACCOUNT, str(user.id))
        check = _evaluate(kept, typed) if verdict.allowed else codes.CodeCheck("spent")
        if check.outcome == "accepted":
            limiter.give_back(CODE_TRIED_BY_ACCOUNT, str(user.id))
            for _ in range(kept.get("sent", 0)):
                limiter.give_back(CODE_SENT_BY_ACCOUNT, str(user.id))
        _note(user, "reentered" if check.outcome == "accepted" else "code_refused", outcome=check.outcome)
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if check.outcome == "wrong":
        raise CodeWrong(tries=check.tries_left)
    if check.outcome != "accepted":
        raise CodeSpent
    del session[KEY]
    _prove(session, SMS_CODE)
    session.cycle_key()


def count_tries_left(*, caisse: CaisseRef, session: SessionBase) -> int:
    """Return how often the code that was sent may still be tried; 0 where none was, or it counts no more."""
    kept = session.get(KEY)
    if not kept:
        return 0
    with tenant_transaction(caisse):
        return codes.count_tries_left(UUID(kept["code_id"]))


def _evaluate(kept: dict[str, Any], typed: str) -> codes.CodeCheck:
    if not kept:
        return codes.CodeCheck("spent")
    return codes.check_code(
        code_id=UUID(kept["code_id"]), purpose=PURPOSE, binding=kept["binding"], typed=codes.clean_code(typed)
    )


def _prove(session: SessionBase, method: str) -> None:
    others = [one for one in session.get(METHODS_KEY, []) if one["method"] != method]
    session[METHODS_KEY] = [*others, {"method": method, "at": clock.now().timestamp()}]


def _note(user: User, action: str, **data: str) -> None:
    actor = Actor(kind="party", name=user.name, user_id=user.id)
    record(actor=actor, action=action, object_type="user", object_id=user.id, data=data)
