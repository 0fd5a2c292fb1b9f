"""The caisse's rules for a password in words, shown before anybody types one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.accounts.passwords import AS_A_RULE, AS_ADVICE, PasswordClasses
from core.accounts.policy import sign_in_policy

if TYPE_CHECKING:
    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class Rules:
    """What a form for a new password says."""

    least: int
    sentences: tuple[str, ...]
    advice: str


def describe_rules(caisse: CaisseRef, *, alone: bool = False) -> Rules:
    """Return the rules; ``alone`` where the password is all that is asked."""
    policy = sign_in_policy(caisse)
    least = policy.password_length_alone if alone else policy.password_length
    length = gettext("At least %(least)s characters; four unusual words are good.") % {"least": least}
    common = gettext("Not one that many people use, and without your name or the caisse's.")
    classes = gettext(PasswordClasses().message)
    kept = [length, classes, common] if policy.password_classes == AS_A_RULE else [length, common]
    advice = gettext("Better still: small and capital letters, digits and signs together. This is advice, not a rule.")
    return Rules(least, tuple(kept), advice if policy.password_classes == AS_ADVICE else "")
