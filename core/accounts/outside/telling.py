"""The mail to a user when something outside begins to open her account: whoever did not do it must hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.policy import caisse_language
from core.kernel.text import N_
from core.notices.services import send_mail
from core.notices.texts import Notice, declare
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from core.accounts.models import OutsideKey

_TEXT = frozenset({"name"})
CERTIFICATE_ADDED = declare(
    Notice(
        code="accounts.certificate_added",
        title=N_("A certificate was registered (mail)"),
        subject=N_("New way into your account at %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nA certificate was registered for your account at %(caisse)s. From now on it opens "
            "your account without a password. If you did not ask for this, tell us at once; you can remove it in the "
            "portal under your profile.\n\nNobody at %(caisse)s will ever ask you for your password or for a "
            "code.\n\n%(caisse)s"
        ),
        fields=_TEXT,
    )
)
ACCOUNT_LINKED = declare(
    Notice(
        code="accounts.openid_linked",
        title=N_("An account elsewhere was linked (mail)"),
        subject=N_("New way into your account at %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nAn account at another provider was linked to your account at %(caisse)s. From now "
            "on it opens your account. If you did not do this, tell us at once; you can undo it in the portal under "
            "your profile.\n\nNobody at %(caisse)s will ever ask you for your password or for a code.\n\n%(caisse)s"
        ),
        fields=_TEXT,
    )
)
_NOTICES = {"certificate": CERTIFICATE_ADDED, "openid": ACCOUNT_LINKED}


def tell_added(key: OutsideKey) -> None:
    """Write to the user of the key, within the caller's scope; who has no address hears nothing."""
    user = key.user
    if user.contact_email:
        language = caisse_language(current_caisse(), user.language)
        send_mail(notice=_NOTICES[key.kind], to=user.contact_email, language=language, fields={"name": user.name})
