"""What a new password must be like: the caisse's rules on the platform's floor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import CommonPasswordValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

from core.accounts.policy import sign_in_policy
from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from core.accounts.models import User
    from tenants.scope import CaisseRef

LONGEST = 128
AS_A_RULE = "rule"
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


def has_all_classes(password: str) -> bool:
    """Whether small letters, capitals, digits and signs all occur."""
    return all(re.search(one, password) for one in _CLASSES)


def _is_common(password: str, user: User | None) -> bool:
    try:
        CommonPasswordValidator().validate(password)
        fields = ("sign_in_name", "given_name", "family_name", "contact_email")
        UserAttributeSimilarityValidator(user_attributes=fields).validate(password, user)
    except ValidationError:
        return True
    return False


def _context_words(caisse: CaisseRef) -> set[str]:
    branding = configuration.get(caisse, BrandingSection)
    words = _WORDS.findall(f"{branding.name} {branding.short_name} {caisse.slug} relais".lower())
    return {word for word in words if len(word) >= _LEAST_WORD}


def _is_made_of(password: str, words: set[str]) -> bool:
    """Whether little is left of a password without the words that everybody here knows, digits and signs."""
    rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(re.sub(r"[\W\d_]", "", rest)) < _LEAST_WORD
