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
            "Good day %(name)s\n\nYour password for the portal of %(caisse)s was changed on %(when)s. You are signed "
            "out everywhere else.\n\nIf that was not you, call us at once; the number is at the foot of the portal's "
            "pages: %(address)s\n\nNobody at %(caisse)s will ever ask you for your password or for a code.\n\n"
            "%(caisse)s"
        ),
        fields=frozenset({"name", "when", "address"}),
    )
)
FACTOR_ADDED = declare(
    Notice(
        code="factor_added",
        title=N_("Second factor set up (e-mail)"),
        subject=N_("%(caisse)s: your sign-in was changed"),
        body=N_(
            "Good day\n\nA second factor was set up for your account: %(what)s.\n\nIf it was not you, tell us at once: "
            "somebody may know your password. We never ask you for a password or a code."
        ),
        fields=frozenset({"what"}),
    )
)
FACTOR_REMOVED = declare(
    Notice(
        code="factor_removed",
        title=N_("Second factor removed (e-mail)"),
        subject=N_("%(caisse)s: your sign-in was changed"),
        body=N_(
            "Good day\n\nA second factor was removed from your account: %(what)s. Your other devices were signed "
            "out.\n\nIf it was not you, tell us at once: somebody may know your password. "
            "We never ask you for a password or a code."
        ),
        fields=frozenset({"what"}),
    )
)
RECOVERY_CODE_USED = declare(
    Notice(
        code="recovery_code_used",
        title=N_("Recovery code used (e-mail)"),
        subject=N_("%(caisse)s: a recovery code was used"),
        body=N_(
            "Good day\n\nSomebody confirmed your sign-in with one of your recovery codes. Unused ones left: "
            "%(left)s.\n\nIf it was not you, tell us at once: somebody may have your list. "
            "We never ask you for a password or a code."
        ),
        fields=frozenset({"left"}),
    )
)
