"""How an operator comes in with password and one-time password: limited, audited, the same for all who are refused.

Each step commits on its own before the answer, and no hash is computed within a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.limiter import Counters
from core.kernel import clock
from core.kernel.actors import Actor
from core.operator.audit import record_act
from core.operator.errors import OperatorLocked, OperatorRefused
from core.operator.factors import find_fitting_step, spend_step
from core.operator.limits import TRIES_BY_ACCOUNT, TRIES_BY_ADDRESS
from core.operator.models import TryCounter
from core.operator.policies import actor_of
from core.operator.sessions import PASSWORD_LEVEL
from tenants.models import Operator
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from core.accounts.limiter import Verdict
    from core.operator.sessions import OperatorSessionStore

counters = Counters(TryCounter)
DOOR = Actor.system("sign-in")


def sign_in_by_password(
    *, session: OperatorSessionStore, email: str, password: str, typed: str, address: str
) -> Operator:
    """Begin a session. Raises ``OperatorLocked`` or ``OperatorRefused``, which says the same of every reason."""
    subject = normalise_email(email)
    found = _admit(subject, address, action="sign_in_refused")
    step = find_fitting_step(found, password=password, typed=typed)
    with platform_transaction():
        if found is not None and step is not None and spend_step(found, step):
            _give_back(subject, address)
            begin_session(session=session, operator=found, level=PASSWORD_LEVEL)
            return found
        record_act(actor=DOOR, action="sign_in_refused", about=found, data={"reason": _reason(found)})
    raise OperatorRefused


def prove_by_password(
    *, session: OperatorSessionStore, operator: Operator, password: str, typed: str, address: str
) -> None:
    """Prove once more who sits there; the session goes on under a new key. Raises like the sign-in."""
    subject = normalise_email(operator.email)
    _admit(subject, address, action="proof_refused")
    step = find_fitting_step(operator, password=password, typed=typed)
    with platform_transaction():
        if step is not None and spend_step(operator, step):
            _give_back(subject, address)
            note_proof(session=session, operator=operator, level=max(session.level, PASSWORD_LEVEL))
            return
        record_act(actor=DOOR, action="proof_refused", about=operator, data={"reason": _reason(operator)})
    raise OperatorRefused


def begin_session(*, session: OperatorSessionStore, operator: Operator, level: int) -> None:
    """Begin a session after a complete sign-in, within its platform scope."""
    Operator.objects.filter(pk=operator.pk).update(last_signed_in_at=clock.now())
    session.begin(operator, level=level)
    record_act(actor=actor_of(operator, level), action="signed_in", data={"level": level})


def note_proof(*, session: OperatorSessionStore, operator: Operator, level: int) -> None:
    """Note a proof, within its platform scope."""
    session.note_proof(level=level)
    record_act(actor=actor_of(operator, level), action="proof_given", data={"level": level})


def normalise_email(email: str) -> str:
    """Return the address as it is compared and counted."""
    return email.strip().casefold()[:254]


def _admit(subject: str, address: str, *, action: str) -> Operator | None:
    """Count the try and return whose it would be; raises ``OperatorLocked``."""
    with platform_transaction():
        verdict = _take(subject, address)
        found = Operator.objects.filter(email__iexact=subject).first()
        if verdict.first_refusal:
            record_act(actor=DOOR, action=action, about=found, data={"reason": "limited"})
    if not verdict.allowed:
        raise OperatorLocked(minutes=verdict.wait_minutes)
    return found


def _take(subject: str, address: str) -> Verdict:
    # The address first: one that is refused must not use up an account's tries as well.
    verdict = counters.take(TRIES_BY_ADDRESS, address)
    return counters.take(TRIES_BY_ACCOUNT, subject) if verdict.allowed else verdict


def _give_back(subject: str, address: str) -> None:
    counters.give_back(TRIES_BY_ADDRESS, address)
    counters.give_back(TRIES_BY_ACCOUNT, subject)


def _reason(operator: Operator | None) -> str:
    if operator is None:
        return "unknown"
    return "blocked" if operator.state != Operator.States.ACTIVE else "password_or_code"
