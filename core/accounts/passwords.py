"""What a new password must be like, and how one comes into force: chosen by its owner, or given to her for a while."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

from core.accounts.blocklist import is_common
from core.accounts.ending import end_access
from core.accounts.errors import AccountClosed, PasswordSame, PasswordsDiffer
from core.accounts.models import User
from core.accounts.policy import sign_in_policy
from core.accounts.telling import tell_owner
from core.accounts.texts import PASSWORD_CHANGED
from core.audit.services import record
from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.kernel import clock
from core.kernel.errors import InvalidInput
from core.kernel.identifiers import group_code, new_readable_code

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

LONGEST = 128
PROVISIONAL_DAYS = 30
# 12 characters of 5 bits, from an alphabet without look-alikes: it is copied from paper.
PROVISIONAL_LENGTH = 12
AS_A_RULE, AS_ADVICE = "rule", "advice"
_LEAST_WORD = 3
_CLASSES = (r"[a-zß-öø-ÿ]", r"[A-ZÀ-ÖØ-Þ]", r"[0-9]", r"[^\w\s]|_")
_WORDS = re.compile(r"\w+")


class PasswordShort(InvalidInput):
    """A password has at least %(least)s characters here. A sentence that only you know is easy to keep in mind."""

    code = "password_short"


class PasswordLong(InvalidInput):
    """A password has at most %(most)s characters."""

    code = "password_long"


class PasswordClasses(InvalidInput):
    """A password holds a small and a capital letter, a digit and a sign such as - or ! here."""

    code = "password_classes"


class PasswordCommon(InvalidInput):
    """Many people use this password, or it is like your name or the caisse's. Choose another one."""

    code = "password_common"


def check_new_password(*, caisse: CaisseRef, password: str, user: User | None = None, alone: bool = False) -> None:
    """Refuse a password that is too weak here; ``alone`` where it is to open an account without a second factor.

    Raises ``password_short``, ``password_long``, ``password_classes`` or ``password_common``.
    """
    policy = sign_in_policy(caisse)
    least = policy.password_length_alone if alone else policy.password_length
    if len(password) < least:
        raise PasswordShort(least=least)
    if len(password) > LONGEST:
        raise PasswordLong(most=LONGEST)
    if policy.password_classes == AS_A_RULE and not has_all_classes(password):
        raise PasswordClasses
    if _is_common(password, user) or _is_made_of(password, _context_words(caisse)):
        raise PasswordCommon


def check_chosen(*, caisse: CaisseRef, user: User, password: str, repeated: str, alone: bool = False) -> None:
    """Refuse what somebody chose: against the rules, differently repeated, or the password that she has."""
    check_new_password(caisse=caisse, password=password, user=user, alone=alone)
    if password != repeated:
        raise PasswordsDiffer
    if check_password(password, user.password):
        raise PasswordSame


def put_in_force(*, actor: Actor, user: User, hashed: str, keep_session: UUID | None = None, action: str) -> bool:
    """Make it her password, within the caller's scope; whether it still was the one that was to be replaced.

    All else that she has open ends, but for ``keep_session`` and the accesses of programs.
    """
    now = clock.now()
    known = User.objects.filter(id=user.id, password=user.password, state="active")
    changed = known.update(
        password=hashed, password_changed_at=now, password_must_change=False, password_expires_at=None
    )
    if not changed:
        return False
    user.password, user.password_changed_at = hashed, now
    user.password_must_change, user.password_expires_at = False, None
    end_access(actor=actor, user_id=user.id, reason="password_changed", keep_session=keep_session, tokens=False)
    record(actor=actor, action=action, object_type="user", object_id=user.id)
    tell_owner(PASSWORD_CHANGED, user)
    return True


@dataclass(frozen=True, slots=True)
class Provisional:
    """A password that is printed in a letter, and its hash; ``plain`` goes nowhere else."""

    plain: str
    hashed: str


def make_provisional_password() -> Provisional:
    """Make one; call it before the transaction opens, since the hash takes its time."""
    plain = group_code(new_readable_code(PROVISIONAL_LENGTH))
    return Provisional(plain, make_password(plain))


def issue_provisional_password(
    *, actor: Actor, user: User, days: int = PROVISIONAL_DAYS, made: Provisional | None = None
) -> str:
    """Give somebody a password for so many days, which she changes at her first sign-in; return it for the letter.

    Within the caller's scope. An account that waited for its activation can be used from now on; an
    earlier password, provisional or not, is void and what was open ends. Raises ``account_closed``.
    """
    made, now = made or make_provisional_password(), clock.now()
    expires_at = now + timedelta(days=days)
    usable = User.objects.filter(id=user.id, state__in=("invited", "active"))
    values = {"password": made.hashed, "password_must_change": True, "password_expires_at": expires_at}
    if not usable.update(state="active", password_changed_at=now, **values):
        raise AccountClosed
    for name, value in values.items():
        setattr(user, name, value)
    user.state, user.password_changed_at = "active", now
    end_access(actor=actor, user_id=user.id, reason="password_issued", tokens=False)
    data = {"days": days}
    record(actor=actor, action="provisional_password_issued", object_type="user", object_id=user.id, data=data)
    return made.plain


def has_all_classes(password: str) -> bool:
    """Whether small letters, capitals, digits and signs all occur."""
    return all(re.search(one, password) for one in _CLASSES)


def _is_common(password: str, user: User | None) -> bool:
    if is_common(password):
        return True
    try:
        fields = ("sign_in_name", "given_name", "family_name", "contact_email")
        UserAttributeSimilarityValidator(user_attributes=fields).validate(password, user)
    except ValidationError:
        return True
    return False


def _context_words(caisse: CaisseRef) -> set[str]:
    branding = configuration.get(caisse, BrandingSection)
    words = _WORDS.findall(f"{branding.name} {branding.short_name} {caisse.slug} relais".lower())
    own = (word.lower() for word in sign_in_policy(caisse).password_words)
    return {word for word in (*words, *own) if len(word) >= _LEAST_WORD}


def _is_made_of(password: str, words: set[str]) -> bool:
    """Whether little is left of a password without the words that everybody here knows, digits and signs."""
    rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(re.sub(r"[\W\d_]", "", rest)) < _LEAST_WORD
