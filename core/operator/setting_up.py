"""Setting up password and one-time password: the secret travels sealed in the form until a code confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from core.accounts.codes import clean_code
from core.accounts.factors import sealing
from core.accounts.factors import totp_codes as totp
from core.kernel import clock
from core.operator.errors import CodeWrong, PasswordsDiffer, PasswordUnsuitable
from core.operator.factors import LONGEST_PASSWORD, seal_secret
from core.operator.limits import SETTING_UP, SHORTEST_PASSWORD

if TYPE_CHECKING:
    from core.accounts.factors.sealing import Offer
    from tenants.models import Operator

_PURPOSE = b"relais-op-setup"
ISSUER = "Relais"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is stored when she has confirmed it: the password's hash, the sealed secret, the period used up."""

    password: str
    totp_secret: bytes
    step: int


def offer_secret(operator: Operator, *, sealed: str = "") -> Offer:
    """Return a new secret for the operator, or the one of the form that comes back."""
    known = _unseal(operator, sealed)
    return sealing.offer_secret(_PURPOSE, operator.id, known=known, account=operator.email, issuer=ISSUER)


def check_choice(operator: Operator, *, password: str, again: str, sealed: str, typed: str) -> Chosen:
    """Check what she entered; slow, so outside any scope.

    Raises ``PasswordsDiffer``, ``PasswordUnsuitable`` or ``CodeWrong``.
    """
    if password != again:
        raise PasswordsDiffer
    _check_password(operator, password)
    secret = _unseal(operator, sealed)
    step = totp.find_step(secret, clean_code(typed), now=clock.now(), after=None) if secret else None
    if secret is None or step is None:
        raise CodeWrong
    return Chosen(make_password(password), seal_secret(operator.id, secret), step)


def _check_password(operator: Operator, password: str) -> None:
    if len(password) > LONGEST_PASSWORD:
        raise PasswordUnsuitable
    try:
        MinimumLengthValidator(SHORTEST_PASSWORD).validate(password)
        CommonPasswordValidator().validate(password)
        UserAttributeSimilarityValidator(("email", "name")).validate(password, operator)  # type: ignore[arg-type]  # it reads the two attributes alone
    except ValidationError as error:
        raise PasswordUnsuitable from error


def _unseal(operator: Operator, sealed: str) -> str | None:
    return sealing.unseal(_PURPOSE, operator.id, sealed.encode(), valid=SETTING_UP)
