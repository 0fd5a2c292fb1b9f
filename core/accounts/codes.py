"""One-time codes: made, hashed, bound to the request that asked for them, used once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db.models import F
from django.utils.crypto import constant_time_compare

from core.accounts.models import OneTimeCode
from core.kernel import clock
from core.notices.budget import note_code_used

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

Outcome = Literal["accepted", "wrong", "spent"]
DIGITS = 6


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A new code. ``code`` exists only here and on its way to the recipient."""

    id: UUID
    code: str
    expires_at: datetime
    max_tries: int


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """What became of a try. ``spent`` covers used, expired, replaced, unknown and too many tries."""

    outcome: Outcome
    tries_left: int = 0


def issue_code(
    *,
    purpose: str,
    user_id: UUID | None,
    binding: str,
    minutes: int,
    max_tries: int,
    subject: str = "",
    first: bool = False,
) -> IssuedCode:
    """Make a six-digit code; earlier ones of the same purpose and binding stop working.

    ``first`` says that the binding is new, so that there can be none.
    """
    now = clock.now()
    if not first:
        earlier = OneTimeCode.objects.filter(purpose=purpose, binding=binding)
        earlier.filter(used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    salt = secrets.token_hex(16)
    row = OneTimeCode.objects.create(
        purpose=purpose,
        user_id=user_id,
        subject=subject,
        binding=binding,
        salt=salt,
        code_hash=_hash(salt, code),
        max_tries=max_tries,
        created_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
    return IssuedCode(id=row.id, code=code, expires_at=row.expires_at, max_tries=max_tries)


def check_code(*, code_id: UUID, purpose: str, binding: str, typed: str) -> CodeCheck:
    """Evaluate one try; the caller's scope must commit whatever comes of it.

    The try is counted by a guarded update before the comparison, and the row stays locked until
    the commit: of any number of parallel tries only ``max_tries`` are compared, and one can win.
    """
    now = clock.now()
    usable = OneTimeCode.objects.filter(
        id=code_id,
        purpose=purpose,
        binding=binding,
        used_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=now,
        tries__lt=F("max_tries"),
    )
    if usable.update(tries=F("tries") + 1) == 0:
        return CodeCheck("spent")
    row = OneTimeCode.objects.select_related("user").get(id=code_id)
    if constant_time_compare(_hash(row.salt, typed), row.code_hash):
        OneTimeCode.objects.filter(id=code_id).update(used_at=now)
        _count_for_budget(row)
        return CodeCheck("accepted")
    tries_left = row.max_tries - row.tries
    return CodeCheck("wrong" if tries_left else "spent", tries_left)


def count_tries_left(code_id: UUID) -> int:
    """Return how often a code may still be tried; 0 when it is used, replaced or has run out."""
    usable = OneTimeCode.objects.filter(id=code_id, used_at__isnull=True, revoked_at__isnull=True)
    row = usable.filter(expires_at__gt=clock.now()).first()
    return row.max_tries - row.tries if row is not None else 0


def find_subject(code_id: UUID) -> str:
    """Return what a code was about, such as the number that it went to."""
    return OneTimeCode.objects.values_list("subject", flat=True).get(id=code_id)


def clean_code(typed: str) -> str:
    """Return the digits of what was typed, since phones show codes with a space in the middle."""
    return "".join(character for character in typed if character.isdecimal() and character.isascii())


def remove_expired(days: int = 30) -> int:
    """Delete codes that ran out so many days ago; return how many."""
    deleted, _ = OneTimeCode.objects.filter(expires_at__lt=clock.now() - timedelta(days=days)).delete()
    return deleted


def _count_for_budget(row: OneTimeCode) -> None:
    """Tell the budget of SMS that a code was typed: one to the number in question, else to the user's."""
    number = row.subject if row.subject.startswith("+") else row.user.mobile if row.user is not None else ""
    if number:
        note_code_used(number)


def _hash(salt: str, code: str) -> str:
    # Six digits are guessed from any hash within a second; the key, which the database does not
    # hold, is what makes a stolen table worthless.
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"relais-otc").digest()
    return hmac.new(key, f"{salt}:{code}".encode(), hashlib.sha256).hexdigest()
