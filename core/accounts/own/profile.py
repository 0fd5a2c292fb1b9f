"""Changing one's own name, language, e-mail and mobile: address or number counts once a code from there was typed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from core.accounts import codes, limiter
from core.accounts.ending import forget_devices
from core.accounts.errors import CodeSpent, CodeWrong, SignInLocked
from core.accounts.limits import CODE_SENT_BY_ACCOUNT, CODE_TRIED_BY_ACCOUNT
from core.accounts.models import User
from core.accounts.models.people import normalise_sign_in_name
from core.accounts.own.errors import AccountChanged, EmailNotValid, NameMissing
from core.accounts.own.texts import EMAIL_CHANGED, EMAIL_CODE, MOBILE_CHANGED
from core.accounts.phones import normalise_mobile
from core.accounts.policy import caisse_country, caisse_language, sign_in_policy
from core.accounts.telling import tell_owner
from core.accounts.texts import SIGN_IN_CODE
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from core.notices.services import send_mail, send_sms
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.scope import CaisseRef

LONGEST_NAME, LONGEST_EMAIL = 100, 150
EMAIL, MOBILE = "new_email", "new_mobile"


@dataclass(frozen=True, slots=True)
class Sent:
    """A code on its way to what is to be confirmed; what the session keeps of it, never the code."""

    id: UUID
    binding: str
    to: str

    def as_dict(self) -> dict[str, str]:
        """Return it for the session."""
        return {"id": str(self.id), "binding": self.binding, "to": self.to}

    @classmethod
    def from_dict(cls, kept: Mapping[str, str]) -> Sent:
        """Read it back."""
        return cls(UUID(kept["id"]), kept["binding"], kept["to"])


def change_profile(*, caisse: CaisseRef, user: User, given_name: str, family_name: str, language: str) -> None:
    """Change name and language; raises ``name_missing``."""
    names = [" ".join(name.split())[:LONGEST_NAME] for name in (given_name, family_name)]
    if not all(names):
        raise NameMissing
    values = {"given_name": names[0], "family_name": names[1], "language": caisse_language(caisse, language)}
    with tenant_transaction(caisse):
        User.objects.filter(id=user.id, state="active").update(**values)
        changed = [name for name, value in values.items() if getattr(user, name) != value]
        _note(user, "profile_changed", what=",".join(changed))


def ask_email(*, caisse: CaisseRef, user: User, typed: str) -> Sent:
    """Send a code to a new address. Raises ``email_not_valid``, ``sign_in_locked``."""
    address = typed.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise EmailNotValid from error
    if len(address) > LONGEST_EMAIL:
        raise EmailNotValid
    return _send(caisse, user, EMAIL, address)


def ask_mobile(*, caisse: CaisseRef, user: User, typed: str) -> Sent:
    """Send a code to a new number. Raises ``mobile_not_valid``, ``sign_in_locked``, or what sending an SMS raises."""
    return _send(caisse, user, MOBILE, normalise_mobile(typed, caisse_country(caisse)))


def confirm_email(*, caisse: CaisseRef, user: User, sent: Sent, typed: str) -> None:
    """Make the address hers and tell the old one.

    Where she signed in with the old one, she signs in with the new one, unless somebody else does already.
    Raises ``code_wrong``, ``code_spent``, ``sign_in_locked``, ``account_changed``.
    """
    with tenant_transaction(caisse):
        outcome = _evaluate(user, EMAIL, sent, typed)
        if outcome.outcome == "accepted":
            _take_email(user, codes.find_subject(sent.id))
    _raise_refusal(outcome)


def confirm_mobile(*, caisse: CaisseRef, user: User, sent: Sent, typed: str) -> None:
    """Make the number hers; every browser is asked for a second factor again, and a mail tells her so.

    Raises ``code_wrong``, ``code_spent``, ``sign_in_locked``, ``account_changed``.
    """
    with tenant_transaction(caisse):
        outcome = _evaluate(user, MOBILE, sent, typed)
        if outcome.outcome == "accepted":
            number = codes.find_subject(sent.id)
            same = User.objects.filter(id=user.id, mobile=user.mobile, state="active")
            if not same.update(mobile=number, mobile_confirmed_at=clock.now()):
                raise AccountChanged
            forget_devices(user_id=user.id)
            _note(user, "mobile_changed")
            tell_owner(MOBILE_CHANGED, user)
    _raise_refusal(outcome)


def count_tries_left(*, caisse: CaisseRef, sent: Sent) -> int:
    """Return how often the code that was sent may still be tried; 0 once it counts no more."""
    with tenant_transaction(caisse):
        return codes.count_tries_left(sent.id)


def _send(caisse: CaisseRef, user: User, purpose: str, to: str) -> Sent:
    with tenant_transaction(caisse):
        verdict = limiter.take(CODE_SENT_BY_ACCOUNT, str(user.id))
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    policy, binding = sign_in_policy(caisse), secrets.token_hex(16)
    with tenant_transaction(caisse):
        issued = codes.issue_code(
            purpose=purpose,
            user_id=user.id,
            binding=binding,
            minutes=policy.code_minutes,
            max_tries=policy.code_tries,
            subject=to,
        )
        fields = {"code": issued.code, "minutes": str(policy.code_minutes)}
        if purpose == EMAIL:
            send_mail(notice=EMAIL_CODE, to=to, language=user.language, fields=fields)
        else:
            until = issued.expires_at
            send_sms(notice=SIGN_IN_CODE, to=to, language=user.language, fields=fields, good_until=until)
        _note(user, "code_sent")
    return Sent(issued.id, binding, to)


def _evaluate(user: User, purpose: str, sent: Sent, typed: str) -> codes.CodeCheck:
    """Evaluate one try within the scope of what follows from it; a refused one is counted all the same."""
    verdict = limiter.take(CODE_TRIED_BY_ACCOUNT, str(user.id))
    if not verdict.allowed:
        return codes.CodeCheck("spent")
    check = codes.check_code(code_id=sent.id, purpose=purpose, binding=sent.binding, typed=codes.clean_code(typed))
    if check.outcome == "accepted":
        limiter.give_back(CODE_TRIED_BY_ACCOUNT, str(user.id))
        limiter.give_back(CODE_SENT_BY_ACCOUNT, str(user.id))
    else:
        _note(user, "code_refused", outcome=check.outcome)
    return check


def _raise_refusal(check: codes.CodeCheck) -> None:
    if check.outcome == "wrong":
        raise CodeWrong(tries=check.tries_left)
    if check.outcome != "accepted":
        raise CodeSpent


def _take_email(user: User, address: str) -> None:
    before = user.contact_email or ""
    mine = User.objects.filter(id=user.id, contact_email=user.contact_email, state="active")
    if not mine.update(contact_email=address):
        raise AccountChanged
    if before and user.sign_in_name == normalise_sign_in_name(before):
        try:
            with transaction.atomic():
                User.objects.filter(id=user.id).update(sign_in_name=normalise_sign_in_name(address))
        except IntegrityError:
            pass  # somebody signs in with it already: she goes on with the name that she has
    _note(user, "email_changed")
    tell_owner(EMAIL_CHANGED, user, to=before)


def _note(user: User, action: str, **data: str) -> None:
    actor = Actor(kind="party", name=user.name, user_id=user.id)
    record(actor=actor, action=action, object_type="user", object_id=user.id, data=data)
