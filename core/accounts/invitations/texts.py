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
ACCESS_BY_MAIL = declare(
    Notice(
        code="accounts.access",
        title=N_("Access for a user or an insured person (mail)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\n%(caisse)s has prepared an access to its portal for you. To set it up, take "
            "some ten minutes, and have your mobile phone at hand:\n\n"
            "1. Open this page: %(address)s\n"
            "2. Type this code: %(code)s\n"
            "3. Follow the steps; each one says what to do.\n\n"
            "The code works once, until %(until)s. Opening the page uses nothing up; you can stop and go on later "
            "with the same code.\n\nNobody at %(caisse)s will ever ask you for this code or for your password.\n\n"
            "%(caisse)s"
        ),
        fields=_FIELDS,
    )
)
ACCESS_BY_LETTER = declare(
    Notice(
        code="accounts.access_letter",
        title=N_("Access for a user or an insured person (letter)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\n%(caisse)s has prepared an access to its portal for you. To set it up, take "
            "some ten minutes, and have your mobile phone at hand:\n\n"
            "1. Type this address into your browser: %(address)s\n"
            "2. Type this code: %(code)s\n"
            "3. Follow the steps; each one says what to do.\n\n"
            "The code works once, until %(until)s. You can stop and go on later with the same code. Keep this letter "
            "where only you see it. If you did not expect it, or if the envelope was open, please tell us before you "
            "use the code.\n\n"
            "Nobody at %(caisse)s will ever ask you for this code or for your password.\n\n%(caisse)s"
        ),
        fields=_FIELDS,
    )
)
EMAIL_CODE = declare(
    Notice(
        code="accounts.email_code",
        title=N_("Code to confirm an e-mail address (mail)"),
        subject=N_("Confirm your e-mail address for %(caisse)s"),
        body=N_(
            "%(code)s\n\nThis code confirms your e-mail address for the portal of %(caisse)s. Type it on the page "
            "where you set up your access; should it be closed, open %(address)s again and type the code from the "
            "letter first. The code is valid for %(minutes)s minutes.\n\n"
            "You did not ask for it? Then do nothing; without the code nothing happens. "
            "Nobody will ever ask you for it on the phone or by e-mail.\n\n%(caisse)s"
        ),
        fields=frozenset({"code", "minutes", "address"}),
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
NEW_ROLE = declare(
    Notice(
        code="accounts.new_role",
        title=N_("Somebody with an access also works for the caisse (mail)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nSince %(when)s you can also work at the desk of %(caisse)s, with the access that "
            "you have already: sign in as you are used to at %(address)s, and choose the role in the menu at the "
            "top.\n\nCases of companies for which you act yourself are treated by colleagues.\n\nNobody at "
            "%(caisse)s will ever ask you for your password or for a code.\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "when", "address"}),
    )
)
ACCESS_JOINED = declare(
    Notice(
        code="accounts.access_joined",
        title=N_("An access was taken into an account that exists (mail)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nOn %(when)s a code from a letter was taken into your account: you sign in as before "
            "at %(address)s and find the new access in the menu at the top.\n\nIf that was not you, tell %(caisse)s "
            "at once.\n\nNobody at %(caisse)s will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "when", "address"}),
    )
)
