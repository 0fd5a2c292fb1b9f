"""Codes within an enrolment: issued, limited, evaluated, and the refusal in words."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts import codes, limiter
from core.accounts.errors import CodeSpent, CodeWrong, SignInLocked
from core.accounts.invitations.opening import note
from core.accounts.limits import CODE_SENT_BY_ACCOUNT, CODE_TRIED_BY_ACCOUNT
from core.accounts.policy import sign_in_policy
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.codes import CodeCheck, IssuedCode
    from core.accounts.limiter import Verdict
    from core.accounts.models import Activation
    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code on its way; what the browser's session keeps of it, never the code itself."""

    id: UUID
    binding: str


def count_sending(caisse: CaisseRef, activation: Activation) -> None:
    """Count one more code for this person; raises ``sign_in_locked`` where there were too many."""
    with tenant_transaction(caisse):
        verdict = limiter.take(CODE_SENT_BY_ACCOUNT, str(activation.user_id))
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)


def issue(caisse: CaisseRef, activation: Activation, purpose: str, binding: str, subject: str) -> IssuedCode:
    """Make a code about ``subject``, within the open scope; earlier ones of the same binding stop working."""
    policy = sign_in_policy(caisse)
    return codes.issue_code(
        purpose=purpose,
        user_id=activation.user_id,
        binding=binding,
        minutes=policy.code_minutes,
        max_tries=policy.code_tries,
        subject=subject,
    )


def new_binding() -> str:
    """Return what ties codes to this browser's enrolment."""
    return secrets.token_hex(16)


def evaluate(activation: Activation, purpose: str, sent: SentCode, typed: str) -> tuple[Verdict, CodeCheck]:
    """Evaluate one try within the open scope, which must commit whatever comes of it."""
    verdict = limiter.take(CODE_TRIED_BY_ACCOUNT, str(activation.user_id))
    if not verdict.allowed:
        return verdict, codes.CodeCheck("spent")
    check = codes.check_code(code_id=sent.id, purpose=purpose, binding=sent.binding, typed=codes.clean_code(typed))
    if check.outcome == "accepted":
        limiter.give_back(CODE_TRIED_BY_ACCOUNT, str(activation.user_id))
        limiter.give_back(CODE_SENT_BY_ACCOUNT, str(activation.user_id))
    else:
        note(activation, "code_refused", outcome=check.outcome)
    return verdict, check


def refuse(verdict: Verdict, check: CodeCheck) -> None:
    """Raise why a try was refused, after its count is committed: ``sign_in_locked``, ``code_wrong``, ``code_spent``."""
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if check.outcome == "wrong":
        raise CodeWrong(tries=check.tries_left)
    if check.outcome != "accepted":
        raise CodeSpent


def count_tries_left(*, caisse: CaisseRef, sent: SentCode) -> int:
    """Return how often the code that was sent may still be tried; 0 once it counts no more."""
    with tenant_transaction(caisse):
        return codes.count_tries_left(sent.id)
