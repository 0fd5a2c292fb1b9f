"""What this room writes to people."""

from __future__ import annotations

from core.kernel.text import N_
from core.notices.texts import Notice, declare

SIGN_IN_CODE = declare(
    Notice(
        code="sign_in_code",
        title=N_("Code to sign in (SMS)"),
        body=N_(
            "%(code)s is your code for %(caisse)s. It is valid for %(minutes)s minutes. "
            "Nobody will ever ask you for it on the phone or by e-mail."
        ),
        fields=frozenset({"code", "minutes"}),
    )
)

FORGOTTEN = declare(
    Notice(
        code="accounts.forgotten",
        title=N_("Password forgotten: code (mail)"),
        subject=N_("Your code for %(caisse)s"),
        body=N_(
            "Good day\n\nSomebody, most likely you, asked for a new password at %(caisse)s. Type this code on the page "
            "that is open in your browser: %(code)s\n\nIt is valid for %(minutes)s minutes. If it was not you, there "
            "is nothing to do: without this code your password stays as it is.\n\n"
            "Nobody at %(caisse)s will ever ask you for this code or for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"code", "minutes"}),
    )
)
PASSWORD_CHANGED = declare(
    Notice(
        code="accounts.password_changed",
        title=N_("Password changed (mail)"),
        subject=N_("Your password at %(caisse)s was changed"),
        body=N_(
            "Good day %(name)s\n\nYour password for the portal of %(caisse)s was changed on %(when)s. You are "
            "signed out everywhere else.\n\nIf that was not you, call us at once; the number is at the foot of the "
            "portal's pages: %(address)s\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "when", "address"}),
    )
)
