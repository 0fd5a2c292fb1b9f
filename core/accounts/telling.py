"""Telling somebody by mail that something about her own access was changed, so that she notices what was not her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.formats import date_format

from core.accounts.policy import caisse_now
from core.kernel import clock
from core.notices.services import send_mail
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from core.accounts.models import User
    from core.notices.texts import Notice


def tell_owner(notice: Notice, user: User, *, to: str = "") -> None:
    """Put the mail into the outbox, within the caller's scope; without an address nothing is sent.

    The notice has the fields ``name``, ``when`` and ``address`` (of the portal).
    """
    to = to or user.contact_email or ""
    if not to:
        return
    caisse = current_caisse()
    with translation.override(user.language):
        when = date_format(caisse_now(caisse, clock.now()), "DATETIME_FORMAT")
    fields = {"name": user.name, "when": when, "address": portal_url(caisse)}
    send_mail(notice=notice, to=to, language=user.language, fields=fields)
