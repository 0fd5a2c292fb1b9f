"""How an operator comes in: limited, audited, the same for all who are refused.

Each step commits on its own before the answer, and no hash is computed within a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts.limiter import Counters
from core.kernel import clock
from core.kernel.actors import Actor
from core.operator.audit import record_act
from core.operator.errors import OperatorLocked, OperatorRefused, PasskeyRefused
from core.operator.factors import find_fitting_step, spend_step
from core.operator.limits import PASSKEYS_BY_ADDRESS, TRIES_BY_ACCOUNT, TRIES_BY_ADDRESS
from core.operator.models import TryCounter
from core.operator.passkeys import spend_assertion
from core.operator.policies import actor_of
from core.operator.sessions import PASSKEY_LEVEL, PASSWORD_LEVEL
from core.operator.webauthn import check_assertion, read_assertion
from tenants.models import Operator, OperatorPasskey
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.accounts.factors.webauthn import Assertion
    from core.accounts.limiter import Verdict
    from core.operator.sessions import OperatorSessionStore

counters = Counters(TryCounter)
DOOR = Actor.system("sign-in")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey's form brought, and the origin at which it was asked."""

    credential: str
    state: str
    origin: str


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


def sign_in_by_passkey(
    *, session: OperatorSessionStore, credential: str, state: str, origin: str, address: str
) -> None:
    """Begin a session. Raises ``OperatorLocked`` or ``PasskeyRefused``."""

    def accept(operator: Operator) -> None:
        begin_session(session=session, operator=operator, level=PASSKEY_LEVEL)

    answer = Answer(credential=credential, state=state, origin=origin)
    _check_passkey(answer, address=address, of=None, accept=accept)


def prove_by_passkey(
    *, session: OperatorSessionStore, operator: Operator, credential: str, state: str, origin: str, address: str
) -> None:
    """Prove once more who sits there, with one of her own passkeys. Raises like the sign-in."""

    def accept(_operator: Operator) -> None:
        note_proof(session=session, operator=operator, level=PASSKEY_LEVEL)

    answer = Answer(credential=credential, state=state, origin=origin)
    _check_passkey(answer, address=address, of=operator, accept=accept)


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


def _check_passkey(answer: Answer, *, address: str, of: Operator | None, accept: Callable[[Operator], None]) -> None:
    """Use the answer up and accept it, or refuse it and write that down; each in one transaction.

    The row of the passkey is locked until the session stands, so that a reset at the same moment ends it.
    """
    _admit_passkey(address)
    found, assertion = _compare(answer, of)
    with platform_transaction():
        if (
            found is not None
            and assertion is not None
            and spend_assertion(found, digest=assertion.digest, sign_count=assertion.sign_count)
        ):
            accept(found.operator)
            return
        owner = found.operator if found is not None else None
        reason = "blocked" if owner is not None and owner.state != Operator.States.ACTIVE else "passkey"
        action = "proof_refused" if of else "sign_in_refused"
        record_act(actor=DOOR, action=action, about=owner, data={"reason": reason})
    raise PasskeyRefused


def _compare(answer: Answer, of: Operator | None) -> tuple[OperatorPasskey | None, Assertion | None]:
    """Return whose passkey answered, and what it said if that is sound; no scope is open."""
    found = None
    try:
        assertion = read_assertion(credential=answer.credential, state=answer.state)
        found = _find_passkey(assertion.credential_id)
        if found is None or (of is not None and found.operator_id != of.id):
            return found, None
        check_assertion(assertion, found, origin=answer.origin)
    except PasskeyRefused:
        return found, None
    return found, assertion


def _admit_passkey(address: str) -> None:
    with platform_transaction():
        verdict = counters.take(PASSKEYS_BY_ADDRESS, address)
    if not verdict.allowed:
        raise OperatorLocked(minutes=verdict.wait_minutes)


def _find_passkey(credential_id: bytes) -> OperatorPasskey | None:
    with platform_transaction():
        return OperatorPasskey.objects.select_related("operator").filter(credential_id=credential_id).first()


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
