"""What is written to somebody who changes her own e-mail or mobile."""

from __future__ import annotations

from core.kernel.text import N_
from core.notices.texts import Notice, declare

_TOLD = frozenset({"name", "when", "address"})

EMAIL_CODE = declare(
    Notice(
        code="accounts.new_email",
        title=N_("New e-mail address: code (mail)"),
        subject=N_("Your code for %(caisse)s"),
        body=N_(
            "Good day\n\nSomebody entered this address at %(caisse)s as her own. If it was you, type this code on "
            "the page that is open in your browser: %(code)s\n\nIt is valid for %(minutes)s minutes. If it was not "
            "you, there is nothing to do.\n\nNobody at %(caisse)s will ever ask you for this code or for your "
            "password.\n\n%(caisse)s"
        ),
        fields=frozenset({"code", "minutes"}),
    )
)
EMAIL_CHANGED = declare(
    Notice(
        code="accounts.email_changed",
        title=N_("E-mail address changed (mail to the old one)"),
        subject=N_("Your e-mail address at %(caisse)s was changed"),
        body=N_(
            "Good day %(name)s\n\nOn %(when)s another e-mail address was entered for your access to the portal of "
            "%(caisse)s. From now on we write there and not here.\n\nIf that was not you, call us at once; the "
            "number is at the foot of the portal's pages: %(address)s\n\nNobody at %(caisse)s will ever ask you for "
            "your password or for a code.\n\n%(caisse)s"
        ),
        fields=_TOLD,
    )
)
MOBILE_CHANGED = declare(
    Notice(
        code="accounts.mobile_changed",
        title=N_("Mobile number changed (mail)"),
        subject=N_("Your mobile number at %(caisse)s was changed"),
        body=N_(
            "Good day %(name)s\n\nOn %(when)s another mobile number was entered for your access to the portal of "
            "%(caisse)s. Codes to sign in go there from now on.\n\nIf that was not you, call us at once; the number "
            "is at the foot of the portal's pages: %(address)s\n\nNobody at %(caisse)s will ever ask you for your "
            "password or for a code.\n\n%(caisse)s"
        ),
        fields=_TOLD,
    )
)
