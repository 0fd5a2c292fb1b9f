"""An operator's password and one-time password: sealed at rest, compared in equal time, each code used once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q

from core.accounts.codes import clean_code
from core.accounts.factors import totp_codes as totp
from core.accounts.factors.sealing import seal, unseal
from core.kernel import clock
from tenants.models import Operator

if TYPE_CHECKING:
    from uuid import UUID

LONGEST_PASSWORD = 1024
_PURPOSE = b"relais-operator"
_NO_SECRET = "A" * 32


def seal_secret(operator_id: UUID, secret: str) -> bytes:
    """Return a TOTP secret encrypted with the platform's key and bound to its operator."""
    return seal(_PURPOSE, operator_id, secret)


def open_secret(operator: Operator) -> str | None:
    """Return the operator's TOTP secret; None where there is none, or one that is not hers or not readable."""
    if operator.totp_secret is None:
        return None
    return unseal(_PURPOSE, operator.id, bytes(operator.totp_secret))


def find_fitting_step(operator: Operator | None, *, password: str, typed: str) -> int | None:
    """Return the period of the one-time password if both fit. Takes equally long for everybody; no scope is open."""
    secret = open_secret(operator) if operator is not None else None
    can = operator is not None and bool(operator.password) and secret is not None
    decoy = _nobody()  # made once, and not only when the first unknown address comes
    encoded = operator.password if operator is not None and can else decoy
    fits = check_password(password if len(password) <= LONGEST_PASSWORD else "", encoded)
    after = operator.totp_last_step if operator is not None else None
    step = totp.find_step(secret or _NO_SECRET, clean_code(typed), now=clock.now(), after=after)
    return step if fits and can else None


def spend_step(operator: Operator, step: int) -> bool:
    """Use a one-time password up; of any number at once one succeeds, and none while she is blocked."""
    unused = Q(totp_last_step__isnull=True) | Q(totp_last_step__lt=step)
    # The factors must still be those that were compared: they may have been reset meanwhile.
    same = Operator.objects.filter(unused, pk=operator.pk, password=operator.password, totp_secret=operator.totp_secret)
    return bool(same.filter(state=Operator.States.ACTIVE).update(totp_last_step=step))


def get_next_code(operator: Operator) -> str:
    """Return the one-time password that opens the console next; empty while none does. For the demo's operator only."""
    secret, here = open_secret(operator), totp.step_at(clock.now())
    last = operator.totp_last_step
    step = here if last is None or last < here else last + 1
    return totp.code_of(secret, step) if secret and step <= here + totp.TOLERANCE else ""


def has_password_and_code(operator: Operator) -> bool:
    """Whether she can sign in with password and one-time password."""
    return bool(operator.password) and operator.totp_secret is not None


def can_sign_in() -> Q:
    """Return the condition of operators who have a way in."""
    return Q(passkeys__isnull=False) | holds_password_and_code()


def holds_password_and_code() -> Q:
    """Return the condition of operators who can sign in with password and one-time password."""
    return ~Q(password="") & Q(totp_secret__isnull=False)


@cache
def _nobody() -> str:
    """A hash of the usual cost, so that an unknown address takes as long as a known one."""
    return make_password("nobody signs in with this")
