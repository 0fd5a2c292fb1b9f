"""Activation: from the typed code to an account that signs in, step by step; what was done is kept in between.

Each step commits on its own. Nothing is used up before the last one, which a guarded UPDATE lets happen once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.contrib.auth.hashers import make_password
from django.db import transaction

from core.accounts import codes, limiter
from core.accounts.errors import CodeSpent, CodeWrong, PasswordsDiffer, SignInLocked
from core.accounts.invitations.codes import hash_code
from core.accounts.invitations.errors import ActivationLocked, ActivationRefused
from core.accounts.invitations.sending import object_type
from core.accounts.invitations.texts import MOBILE_CODE
from core.accounts.limits import ACTIVATION_BY_ADDRESS, CODE_SENT_BY_ACCOUNT, CODE_TRIED_BY_ACCOUNT
from core.accounts.models import Activation, User
from core.accounts.passwords import check_new_password
from core.accounts.phones import normalise_mobile
from core.accounts.policy import caisse_country, sign_in_policy
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from core.notices.services import send_sms
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from tenants.scope import CaisseRef

Step = Literal["password", "mobile", "code"]
PURPOSE = "confirm_mobile"


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code by SMS on its way; what the browser's session keeps of it, never the code itself."""

    id: UUID
    binding: str


def open_activation(*, caisse: CaisseRef, typed: str, address: str) -> Activation:
    """Return the activation that a code opens; it is not used up by that.

    Raises ``activation_locked`` after too many tries from one address, else ``activation_refused``:
    wrong, used, expired, revoked are told apart nowhere.
    """
    with tenant_transaction(caisse):
        verdict = limiter.take(ACTIVATION_BY_ADDRESS, address)
        found = _usable().filter(code_hash=hash_code(typed)).first() if verdict.allowed else None
        if found is not None:
            limiter.give_back(ACTIVATION_BY_ADDRESS, address)
            if Activation.objects.filter(id=found.id, opened_at__isnull=True).update(opened_at=clock.now()):
                _note(found, "activation_opened")
    if not verdict.allowed:
        raise ActivationLocked(minutes=verdict.wait_minutes)
    if found is None:
        raise ActivationRefused
    return found


def get_activation(*, caisse: CaisseRef, activation_id: UUID) -> Activation:
    """Return an activation that was opened and can still be used; raises ``activation_refused``."""
    with tenant_transaction(caisse):
        found = _usable().filter(id=activation_id).first()
    if found is None:
        raise ActivationRefused
    return found


def step_of(activation: Activation, sent: SentCode | None) -> Step:
    """Return what comes next for her."""
    if not activation.password:
        return "password"
    return "code" if activation.mobile and sent is not None else "mobile"


def choose_password(*, caisse: CaisseRef, activation: Activation, password: str, repeated: str) -> None:
    """Keep the password for the end.

    Raises what ``check_new_password`` raises, ``passwords_differ`` or ``activation_refused``.
    """
    check_new_password(caisse=caisse, password=password, user=activation.user)
    if password != repeated:
        raise PasswordsDiffer
    hashed = make_password(password)
    with tenant_transaction(caisse):
        kept = _open().filter(id=activation.id).update(password=hashed)
    if not kept:
        raise ActivationRefused


def send_mobile_code(*, caisse: CaisseRef, activation: Activation, typed: str, binding: str = "") -> SentCode:
    """Keep the mobile number and send a code there; earlier codes stop working.

    Raises ``mobile_not_valid``, ``sms_number_not_served``, ``sms_budget_spent``, ``sign_in_locked`` when
    too many codes were asked for, or ``activation_refused``.
    """
    mobile = normalise_mobile(typed, caisse_country(caisse))
    user, policy = activation.user, sign_in_policy(caisse)
    with tenant_transaction(caisse):
        verdict = limiter.take(CODE_SENT_BY_ACCOUNT, str(user.id))
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    bound = binding or secrets.token_hex(16)
    with tenant_transaction(caisse):
        if not _open().filter(id=activation.id).update(mobile=mobile):
            raise ActivationRefused
        issued = codes.issue_code(
            purpose=PURPOSE,
            user_id=user.id,
            binding=bound,
            minutes=policy.code_minutes,
            max_tries=policy.code_tries,
            subject=mobile,
        )
        fields = {"code": issued.code, "minutes": str(policy.code_minutes)}
        send_sms(notice=MOBILE_CODE, to=mobile, language=user.language, fields=fields, good_until=issued.expires_at)
        _note(activation, "code_sent")
    return SentCode(issued.id, bound)


def complete_activation(*, caisse: CaisseRef, activation: Activation, sent: SentCode, typed: str) -> User:
    """Evaluate the code by SMS; a right one uses the activation up and makes the account usable.

    The try is counted whatever comes of it. Raises ``code_wrong``, ``code_spent``, ``sign_in_locked``,
    or ``activation_refused`` where somebody was quicker with the same code.
    """
    user = activation.user
    with tenant_transaction(caisse):
        verdict = limiter.take(CODE_TRIED_BY_ACCOUNT, str(user.id))
        check = _evaluate(sent, typed) if verdict.allowed else codes.CodeCheck("spent")
        done = check.outcome == "accepted" and _use(activation, sent)
        if done:
            limiter.give_back(CODE_TRIED_BY_ACCOUNT, str(user.id))
            limiter.give_back(CODE_SENT_BY_ACCOUNT, str(user.id))
        elif check.outcome != "accepted":
            _note(activation, "code_refused", outcome=check.outcome)
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if check.outcome == "wrong":
        raise CodeWrong(tries=check.tries_left)
    if check.outcome != "accepted":
        raise CodeSpent
    if not done:
        raise ActivationRefused
    return user


def count_tries_left(*, caisse: CaisseRef, sent: SentCode) -> int:
    """Return how often the code that was sent may still be tried; 0 once it counts no more."""
    with tenant_transaction(caisse):
        return codes.count_tries_left(sent.id)


def _open() -> QuerySet[Activation]:
    """Activations that are neither used, revoked nor expired.

    No other table is joined: the condition of an UPDATE must stand on the row that it waits for.
    """
    return Activation.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now())


def _usable() -> QuerySet[Activation]:
    """Of those, the ones of somebody who still waits for her access."""
    return _open().filter(user__state="invited", user__staff__ended_at__isnull=True).select_related("user")


def _evaluate(sent: SentCode, typed: str) -> codes.CodeCheck:
    return codes.check_code(code_id=sent.id, purpose=PURPOSE, binding=sent.binding, typed=codes.clean_code(typed))


def _use(activation: Activation, sent: SentCode) -> bool:
    """Use the activation up and hand what it kept over to the user; whether this call was the one.

    The number is the one that the code went to: at another screen a different one may have been
    entered since.
    """
    now = clock.now()
    mobile = codes.find_subject(sent.id)
    try:
        with transaction.atomic():
            _make_usable(activation, mobile, now)
    except _Lost:
        return False
    _note(activation, "activation_completed")
    return True


def _make_usable(activation: Activation, mobile: str, now: datetime) -> None:
    won = _open().filter(id=activation.id, mobile=mobile).exclude(password="")
    if not won.update(used_at=now, mobile="", address=[]):
        raise _Lost
    kept = Activation.objects.filter(id=activation.id)
    waiting = User.objects.filter(id=activation.user_id, state="invited")
    made = waiting.update(
        password=kept.values_list("password", flat=True).get(),
        mobile=mobile,
        mobile_confirmed_at=now,
        password_changed_at=now,
        password_must_change=False,
        state="active",
        state_changed_at=now,
    )
    if not made:
        raise _Lost
    kept.update(password="")


class _Lost(Exception):
    """Somebody was quicker, or the invitation ended while the code was on its way."""


def _note(activation: Activation, action: str, **data: str) -> None:
    user = activation.user
    actor = Actor(kind="clerk" if activation.kind == "staff" else "party", name=user.name, user_id=user.id)
    record(actor=actor, action=action, object_type=object_type(activation.kind), object_id=user.id, data=data)
