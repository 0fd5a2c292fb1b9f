"""What an invited person is written: by e-mail or letter, with the code and the address to type."""

from __future__ import annotations

from core.kernel.text import N_
from core.notices.texts import Notice, declare

_FIELDS = frozenset({"name", "address", "code", "until"})

BY_MAIL = declare(
    Notice(
        code="accounts.invitation",
        title=N_("Invitation of a colleague (mail)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\n%(caisse)s has prepared an access to its portal for you. To activate it:\n\n"
            "1. Open this page: %(address)s\n"
            "2. Type this code: %(code)s\n"
            "3. Choose a password and enter your mobile number.\n\n"
            "The code works once, until %(until)s. Opening the page uses nothing up; you can stop and go on later "
            "with the same code.\n\nNobody at %(caisse)s will ever ask you for this code or for your password.\n\n"
            "%(caisse)s"
        ),
        fields=_FIELDS,
    )
)
BY_LETTER = declare(
    Notice(
        code="accounts.invitation_letter",
        title=N_("Invitation of a colleague (letter)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\n%(caisse)s has prepared an access to its portal for you. To activate it:\n\n"
            "1. Type this address into your browser: %(address)s\n"
            "2. Type this code: %(code)s\n"
            "3. Choose a password and enter your mobile number. Then we send you a code by SMS.\n\n"
            "The code works once, until %(until)s. Keep this letter where only you see it. If you did not expect it, "
            "or if the envelope was open, please tell us before you use the code.\n\n"
            "Nobody at %(caisse)s will ever ask you for this code or for your password.\n\n%(caisse)s"
        ),
        fields=_FIELDS,
    )
)
MOBILE_CODE = declare(
    Notice(
        code="accounts.mobile_code",
        title=N_("Code to confirm a mobile number (SMS)"),
        body=N_(
            "%(code)s confirms this mobile number for %(caisse)s. The code is valid for %(minutes)s minutes. "
            "Nobody will ever ask you for it on the phone or by e-mail."
        ),
        fields=frozenset({"code", "minutes"}),
    )
)
