"""Setting up password and one-time password: the secret travels sealed in the form until a code confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno
from cryptography.fernet import InvalidToken
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from core.accounts.codes import clean_code
from core.configuration.secret import box_of
from core.kernel import clock
from core.operator import totp
from core.operator.errors import CodeWrong, PasswordsDiffer, PasswordUnsuitable
from core.operator.factors import LONGEST_PASSWORD, seal_secret
from core.operator.limits import SETTING_UP, SHORTEST_PASSWORD

if TYPE_CHECKING:
    from tenants.models import Operator

_PURPOSE = b"relais-op-setup"
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Offer:
    """A new secret as the page shows it. ``sealed`` comes back with the form and says whose it is."""

    secret: str
    sealed: str
    uri: str

    @property
    def grouped(self) -> str:
        """The secret in groups, for typing it."""
        return " ".join(self.secret[at : at + _GROUP] for at in range(0, len(self.secret), _GROUP))

    @property
    def qr_code(self) -> str:
        """The QR code as the address of an image."""
        return segno.make(self.uri, error="m", micro=False).svg_data_uri(scale=5, border=4, light="white")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is stored when she has confirmed it: the password's hash, the sealed secret, the period used up."""

    password: str
    totp_secret: bytes
    step: int


def offer_secret(operator: Operator, *, sealed: str = "") -> Offer:
    """Return a new secret for the operator, or the one of the form that comes back."""
    secret = _unseal(operator, sealed) or totp.new_secret()
    token = box_of(_PURPOSE).encrypt(f"{operator.id}:{secret}".encode()).decode()
    return Offer(secret, token, totp.provisioning_uri(secret, operator.email))


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
    try:
        kept = box_of(_PURPOSE).decrypt(sealed.encode(), ttl=int(SETTING_UP.total_seconds())).decode()
    except InvalidToken:
        return None
    owner, _, secret = kept.partition(":")
    return secret if owner == str(operator.id) else None
