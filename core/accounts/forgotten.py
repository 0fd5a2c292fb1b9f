"""A forgotten password: a code to the person's own e-mail, then her second factor, then a new password.

Whoever asks sees the same, with the same work done, whether the name is known, blocked, without an address, or with
one that others share: in those cases the caisse itself helps. Opening a page of this uses nothing up.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from core.accounts import codes, limiter
from core.accounts.errors import CodeSpent, CodeWrong, SignInLocked
from core.accounts.limits import FORGOTTEN_BY_ACCOUNT, FORGOTTEN_BY_ADDRESS, FORGOTTEN_TRIED_BY_ACCOUNT
from core.accounts.models import User
from core.accounts.names import resolve_name
from core.accounts.policy import sign_in_policy
from core.accounts.texts import FORGOTTEN
from core.audit.services import record
from core.kernel.actors import Actor
from core.notices.services import send_mail
from core.outbox import handlers
from core.outbox.services import enqueue
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.outbox.handlers import Job
    from tenants.scope import CaisseRef

PURPOSE = "forgotten"
# An effect that is none, so that a name to which nothing is sent costs as much as one to which a mail goes.
NO_MAIL = "accounts.no_mail"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser's session keeps: which code was made, and what binds it to this browser. No secret."""

    id: UUID
    binding: str

    def as_dict(self) -> dict[str, str]:
        """Return it for the session."""
        return {"id": str(self.id), "binding": self.binding}

    @classmethod
    def from_dict(cls, kept: Mapping[str, str]) -> Asked:
        """Read it back."""
        return cls(UUID(kept["id"]), kept["binding"])


def register() -> None:
    """Bind the effect that is none."""
    handlers.register(NO_MAIL, _do_nothing)


def ask_code(*, caisse: CaisseRef, name: str, address: str) -> Asked:
    """Send a code to who has this name, if she has an address of her own; say nothing of that.

    Raises ``sign_in_locked`` where name or network address asked too often, known or not.
    """
    subject, policy = resolve_name(caisse, name)[:150], sign_in_policy(caisse)
    with tenant_transaction(caisse):
        verdict = limiter.take(FORGOTTEN_BY_ADDRESS, address)
        verdict = limiter.take(FORGOTTEN_BY_ACCOUNT, subject) if verdict.allowed else verdict
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    binding = secrets.token_hex(16)
    with tenant_transaction(caisse):
        user = User.objects.filter(sign_in_name=subject).first()
        shared = is_shared(user.contact_email if user is not None else subject)
        issued = codes.issue_code(
            purpose=PURPOSE,
            user_id=user.id if user is not None else None,
            binding=binding,
            minutes=policy.code_minutes,
            max_tries=policy.code_tries,
            subject=subject,
        )
        fields = {"code": issued.code, "minutes": str(policy.code_minutes)}
        if user is not None and user.is_active and user.contact_email and not shared:
            send_mail(notice=FORGOTTEN, to=user.contact_email, language=user.language, fields=fields)
        else:
            enqueue(topic=NO_MAIL, payload={"notice": FORGOTTEN.code, "language": "fr"}, secret={"fields": fields})
        _note(user, "password_forgotten")
    return Asked(issued.id, binding)


def check_code(*, caisse: CaisseRef, asked: Asked, typed: str) -> User:
    """Evaluate one try, committed before this returns or raises; a right one says who she is.

    Raises ``code_wrong`` with the tries left, ``code_spent`` or ``sign_in_locked``.
    """
    with tenant_transaction(caisse):
        subject = codes.find_subject(asked.id)
        verdict = limiter.take(FORGOTTEN_TRIED_BY_ACCOUNT, subject)
        check = _evaluate(asked, typed) if verdict.allowed else codes.CodeCheck("spent")
        user = User.objects.filter(sign_in_name=subject, state="active").first()
        if check.outcome == "accepted":
            limiter.give_back(FORGOTTEN_TRIED_BY_ACCOUNT, subject)
            limiter.give_back(FORGOTTEN_BY_ACCOUNT, subject)
        else:
            _note(user, "code_refused", outcome=check.outcome)
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if check.outcome == "wrong":
        raise CodeWrong(tries=check.tries_left)
    if check.outcome != "accepted" or user is None:
        raise CodeSpent
    return user


def count_tries_left(*, caisse: CaisseRef, asked: Asked) -> int:
    """Return how often the code may still be tried; 0 once it counts no more."""
    with tenant_transaction(caisse):
        return codes.count_tries_left(asked.id)


def is_shared(address: str | None) -> bool:
    """Whether several people read what goes to this address."""
    others = User.objects.filter(contact_email__iexact=address or "").exclude(state="left")
    return others[:2].count() > 1


def _evaluate(asked: Asked, typed: str) -> codes.CodeCheck:
    return codes.check_code(code_id=asked.id, purpose=PURPOSE, binding=asked.binding, typed=codes.clean_code(typed))


def _do_nothing(_job: Job) -> None:
    """Be done: nobody is written to."""


def _note(user: User | None, action: str, **data: str) -> None:
    actor = Actor.system("sign-in") if user is None else Actor(kind="party", name=user.name, user_id=user.id)
    record(
        actor=actor,
        action=action,
        object_type="user",
        object_id=user.id if user is not None else None,
        data=data,
    )
