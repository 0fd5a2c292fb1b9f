"""What activation letters of a campaign say; a caisse puts its own words into their place in its console."""

from __future__ import annotations

from core.kernel.text import N_
from core.notices.texts import Notice, declare, get_notice

_FIELDS = frozenset({"name", "until"})

FOR_PERSONS = declare(
    Notice(
        code="letters.persons",
        title=N_("Activation letter to insured persons"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nOn the portal of %(caisse)s you see your statements, decisions and certificates, "
            "and settle your requests whenever it suits you. We have prepared your personal access.\n\n"
            "Your personal code and the address stand below. You need an e-mail address and your mobile phone, and "
            "some ten minutes. The code works once, until %(until)s; you can stop and go on later with the same "
            "code.\n\nIf you did not expect this letter, or if the envelope was open, please tell us before you use "
            "the code. Nobody at %(caisse)s will ever ask you for this code or for your password."
        ),
        fields=_FIELDS,
    )
)
FOR_COMPANIES = declare(
    Notice(
        code="letters.companies",
        title=N_("Activation letter to employers"),
        subject=N_("Your company’s access to the portal of %(caisse)s"),
        body=N_(
            "To the management of %(name)s\n\nOn the portal of %(caisse)s your company sends declarations, follows "
            "their treatment and finds its documents. Whoever sets the access up with this letter becomes the "
            "administrator of your company and can then invite colleagues.\n\n"
            "The code and the address stand below. You need an e-mail address and a mobile phone, and some ten "
            "minutes. The code works once, until %(until)s; you can stop and go on later with the same code.\n\n"
            "If you did not expect this letter, or if the envelope was open, please tell us before you use the code. "
            "Nobody at %(caisse)s will ever ask you for this code or for your password."
        ),
        fields=_FIELDS,
    )
)
REMINDER = declare(
    Notice(
        code="letters.reminder",
        title=N_("Reminder with a new activation code"),
        subject=N_("Your access to the portal of %(caisse)s is waiting"),
        body=N_(
            "Good day %(name)s\n\nSome time ago we wrote to you about your access to the portal of %(caisse)s. It is "
            "still waiting. Here is a new code; the one in the earlier letter counts no more. Without an access "
            "nothing changes for you: we keep writing by post.\n\n"
            "The code and the address stand below. You need an e-mail address and your mobile phone, and some ten "
            "minutes. The code works once, until %(until)s; you can stop and go on later with the same code.\n\n"
            "If you did not expect this letter, or if the envelope was open, please tell us before you use the code. "
            "Nobody at %(caisse)s will ever ask you for this code or for your password."
        ),
        fields=_FIELDS,
    )
)
# A company's administrator prints it and hands it over; it belongs to no campaign.
FOR_COLLEAGUES = declare(
    Notice(
        code="letters.colleague",
        title=N_("Slip with a code for a company’s user"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nYour company lets you work on the portal of %(caisse)s. Your personal code and the "
            "address stand below. You need your mobile phone and some ten minutes; you can stop and go on later with "
            "the same code. The code works once, until %(until)s.\n\nKeep this slip where only you see it. "
            "Nobody at %(caisse)s will ever ask you for this code or for your password."
        ),
        fields=_FIELDS,
    )
)
# By kind of party; a campaign may also name one text for all.
BY_KIND = "by_kind"
VARIANTS = {
    BY_KIND: N_("The text for each kind of party"),
    FOR_PERSONS.code: FOR_PERSONS.title or "",
    FOR_COMPANIES.code: FOR_COMPANIES.title or "",
    REMINDER.code: REMINDER.title or "",
}
PERSONS = frozenset({"insured", "self_employed"})

LABELS = {
    "code": N_("Your code"),
    "login": N_("Your user number, with which you sign in later"),
    "address": N_("Type this address into your browser"),
    "qr": N_("or point your phone’s camera here"),
    "qr_alt": N_("QR code with the address of the page"),
    "help": N_("Questions? We are glad to help."),
}


def choose_notice(variant: str, kind: str) -> Notice:
    """Return the text for a party of a kind."""
    if variant != BY_KIND:
        return get_notice(variant)
    return FOR_PERSONS if kind in PERSONS else FOR_COMPANIES
