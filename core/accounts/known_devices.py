"""Knowing a browser again: a random cookie of its own, of which each session keeps a hash; a new one is told by mail.

The cookie opens nothing. It is set at a completed sign-in only, and only so that whoever signs in from a browser
that this account has never used is told about to the account's owner.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.formats import date_format

from core.accounts.cookies import cookie_of
from core.accounts.incidents.texts import NEW_DEVICE
from core.accounts.models import Session
from core.accounts.policy import caisse_now
from core.kernel import clock
from core.notices.services import send_mail
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User
    from core.accounts.requests import AccountRequest

KEPT_DAYS = 400
_TO_WRITE = "new_device_cookie"


def read_device(request: HttpRequest) -> str:
    """Return the hash under which this browser is known, empty where it has no cookie of ours."""
    secret = request.COOKIES.get(cookie_of(request, "device").name, "")
    return _hash(secret) if secret else ""


def meet_device(request: AccountRequest, user: User) -> None:
    """Take note of the browser at a sign-in, before its session is written, within the open scope.

    A browser that is new to an account that was used before is told of by mail.
    """
    origin, earlier = request.session.origin, Session.objects.filter(user_id=user.id, signed_in_at__isnull=False)
    if not origin.device_key:
        secret = secrets.token_urlsafe(24)
        setattr(request, _TO_WRITE, secret)
        request.session.origin = replace(origin, device_key=_hash(secret))
    elif earlier.filter(device_key=origin.device_key).exists():
        return
    if user.contact_email and earlier.exists():
        _tell(user, origin.device)


def write_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser the cookie that a sign-in made for it."""
    secret = getattr(request, _TO_WRITE, "")
    if secret:
        cookie_of(request, "device").write(response, secret, max_age=KEPT_DAYS * 86_400)


def _tell(user: User, device: str) -> None:
    caisse = current_caisse()
    with translation.override(user.language):
        at = date_format(caisse_now(caisse, clock.now()), "DATETIME_FORMAT")
    fields = {"device": device or "?", "at": at, "link": f"{portal_url(caisse)}/help/"}
    send_mail(notice=NEW_DEVICE, to=str(user.contact_email), language=user.language, fields=fields)


def _hash(secret: str) -> str:
    # 192 random bits need no slow hash.
    return hashlib.blake2b(secret.encode(), digest_size=16).hexdigest()
