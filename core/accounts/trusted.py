"""Remembered browsers: where the caisse allows it, one stands in for the second factor for some days.

It is worth level 2 beside a password and nothing more, and no proof that somebody sits there just now. The browser
holds a secret, the table its hash, which is bound to caisse and user.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.accounts.cookies import cookie_of
from core.accounts.levels import PASSWORD, RECOVERY, TRUSTED_DEVICE, TWO_FACTORS, level_of
from core.accounts.models import TrustedDevice
from core.accounts.policy import sign_in_policy
from core.accounts.stages import register
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotFound
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User
    from core.accounts.requests import AccountRequest
    from tenants.scope import CaisseRef

COOKIE = "trusted"
DAY_SECONDS = 86_400


class TrustedDeviceStage(LoginStage):  # type: ignore[misc]  # untyped library
    """Before the second factor: a browser that is remembered proves it."""

    key = "trusted_device"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Note the remembered browser, if this is one; go on in any case."""
        if _methods(self) == {PASSWORD} and use_device(request=self.request, user=self.login.user):
            record_authentication(self.request, self.login.user, method=TRUSTED_DEVICE)
        return None, True


class RememberStage(LoginStage):  # type: ignore[misc]  # untyped library
    """After all else: whether this browser is to be remembered, where the caisse allows it."""

    key = "remember"
    urlname = "sign_in_remember"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Ask after a password and a second factor; not where the browser is remembered already."""
        proved, policy = _methods(self), sign_in_policy(self.request.caisse)
        asks = policy.trusted_device_days and PASSWORD in proved and level_of(proved) >= TWO_FACTORS
        if not asks or proved & {TRUSTED_DEVICE, RECOVERY}:
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True


def use_device(*, request: AccountRequest, user: User) -> bool:
    """Whether this browser is remembered for her; notes that it was used."""
    caisse, secret = request.caisse, request.COOKIES.get(cookie_of(request, COOKIE).name, "")
    days = sign_in_policy(caisse).trusted_device_days if caisse is not None else 0
    if caisse is None or not secret or not days:
        return False
    now = clock.now()
    # A caisse that has shortened the days since is obeyed at once.
    live = TrustedDevice.objects.filter(user_id=user.id, revoked_at__isnull=True, expires_at__gt=now)
    live = live.filter(key_hash=_hash(caisse, user.id, secret), created_at__gt=now - timedelta(days=days))
    with tenant_transaction(caisse):
        return bool(live.update(last_used_at=now))


def remember_device(*, caisse: CaisseRef, user: User, device: str, method: str) -> str:
    """Remember a browser after a second factor; return the secret for its cookie."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    days = sign_in_policy(caisse).trusted_device_days
    if not days:
        raise NotFound
    with tenant_transaction(caisse):
        made = TrustedDevice.objects.create(
            key_hash=_hash(caisse, user.id, secret),
            user=user,
            device=device,
            method=method,
            created_at=now,
            last_used_at=now,
            expires_at=now + timedelta(days=days),
        )
        _note(user, "device_remembered", made.id)
    return secret


def write_cookie(*, request: HttpRequest, response: HttpResponse, caisse: CaisseRef, secret: str) -> None:
    """Give the browser its secret for as long as it is remembered."""
    seconds = sign_in_policy(caisse).trusted_device_days * DAY_SECONDS
    cookie_of(request, COOKIE).write(response, secret, max_age=seconds)


def list_devices(user_id: UUID) -> list[TrustedDevice]:
    """Return the browsers that are remembered, the last used first; within an open scope."""
    live = TrustedDevice.objects.filter(user_id=user_id, revoked_at__isnull=True, expires_at__gt=clock.now())
    return list(live.order_by("-last_used_at"))


def revoke_device(*, user: User, device_id: UUID) -> None:
    """Ask for the second factor there again; raises ``NotFound`` for another's."""
    now = clock.now()
    mine = TrustedDevice.objects.filter(id=device_id, user_id=user.id, revoked_at__isnull=True)
    if not mine.update(revoked_at=now):
        raise NotFound
    _note(user, "device_forgotten", device_id)


def remove_expired(days: int = 30) -> int:
    """Delete browsers that ran out so many days ago; return how many."""
    deleted, _ = TrustedDevice.objects.filter(expires_at__lt=clock.now() - timedelta(days=days)).delete()
    return deleted


def _methods(stage: LoginStage) -> set[str]:
    return {one["method"] for one in get_authentication_records(stage.request, stage.login.user)}


def _hash(caisse: CaisseRef, user_id: UUID, secret: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(f"{caisse.id}:{user_id}:{secret}".encode()).hexdigest()


def _note(user: User, action: str, device_id: UUID) -> None:
    actor = Actor(kind="party", name=user.name, user_id=user.id)
    record(actor=actor, action=action, object_type="user", object_id=user.id, data={"device": str(device_id)})


register("core.accounts.trusted.TrustedDeviceStage", order=40)
register("core.accounts.trusted.RememberStage", order=95)
