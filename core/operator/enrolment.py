"""One-time links by which operators set up their sign-in: opening one uses nothing up, completing it does."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from core.kernel import clock
from core.operator.audit import record_act
from core.operator.errors import LinkSpent
from core.operator.limits import LINK_VALID
from core.operator.models import Enrolment
from core.operator.passkeys import keep_passkey
from core.operator.policies import actor_of
from core.operator.sessions import PASSKEY_LEVEL, PASSWORD_LEVEL, end_sessions
from core.operator.setting_up import check_choice
from core.operator.webauthn import read_new_passkey
from tenants.models import Operator
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.db import models

    from core.kernel.actors import Actor

_USUAL_PORTS = {"http": 80, "https": 443}


def make_link(*, actor: Actor, operator: Operator) -> str:
    """Make a link, within a platform scope; an earlier one stops working. Its secret exists only in the answer."""
    now = clock.now()
    # Of two who make one at once, the second waits here and revokes the first's.
    Operator.objects.select_for_update().get(pk=operator.pk)
    _open_links().filter(operator=operator).update(revoked_at=now)
    secret = secrets.token_urlsafe(32)
    Enrolment.objects.create(
        operator=operator, secret_hash=_hash(secret), made_by=actor.name, created_at=now, expires_at=now + LINK_VALID
    )
    return secret


def link_address(secret: str) -> str:
    """Return the address to hand to the operator."""
    port = settings.PUBLIC_PORT
    suffix = "" if port == _USUAL_PORTS.get(settings.PUBLIC_SCHEME) else f":{port}"
    path = reverse("operator_enrol", args=[secret], urlconf=settings.PLATFORM_URLCONF)
    return f"{settings.PUBLIC_SCHEME}://{settings.PLATFORM_DOMAIN}{suffix}{path}"


def get_invited(secret: str) -> Operator:
    """Return whom a link is for, within a platform scope; raises ``LinkSpent``."""
    found = _usable(secret).select_related("operator").first()
    if found is None:
        raise LinkSpent
    return found.operator


def enrol_by_passkey(*, secret: str, credential: str, state: str, origin: str, label: str) -> Operator:
    """Set up a passkey. Raises ``LinkSpent``, ``PasskeyUnusable`` or ``PasskeyKnown``, which leave the link usable."""
    with platform_transaction():
        operator = get_invited(secret)
    made = read_new_passkey(operator=operator, credential=credential, state=state, origin=origin)
    with platform_transaction():
        _use_up(secret)
        keep_passkey(operator, made, label=label)
        _complete(operator, level=PASSKEY_LEVEL)
    return operator


def enrol_by_password(*, secret: str, password: str, again: str, sealed: str, typed: str) -> Operator:
    """Set up password and one-time password. Raises ``LinkSpent``, or what is wrong with the entries."""
    with platform_transaction():
        operator = get_invited(secret)
    chosen = check_choice(operator, password=password, again=again, sealed=sealed, typed=typed)
    with platform_transaction():
        _use_up(secret)
        Operator.objects.filter(pk=operator.pk).update(
            password=chosen.password, totp_secret=chosen.totp_secret, totp_last_step=chosen.step
        )
        _complete(operator, level=PASSWORD_LEVEL)
    return operator


def _use_up(secret: str) -> None:
    """Of any number who complete a link at once one succeeds."""
    if not _usable(secret).update(used_at=clock.now()):
        raise LinkSpent


def _complete(operator: Operator, *, level: int) -> None:
    end_sessions(operator.id)
    way = "passkey" if level == PASSKEY_LEVEL else "password"
    record_act(actor=actor_of(operator, 0), action="operator_enrolled", about=operator, data={"way": way})


def _open_links() -> models.QuerySet[Enrolment]:
    return Enrolment.objects.filter(used_at__isnull=True, revoked_at__isnull=True)


def _usable(secret: str) -> models.QuerySet[Enrolment]:
    # A condition on the joined row would move all of them into a subquery, which an update does not look at again
    # after it has waited for another one: two would succeed.
    active = Operator.objects.filter(state=Operator.States.ACTIVE).values("pk")
    return _open_links().filter(secret_hash=_hash(secret), expires_at__gt=clock.now(), operator_id__in=active)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(f"enrolment:{secret}".encode()).digest()
