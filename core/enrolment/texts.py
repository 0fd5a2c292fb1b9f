"""What applicants and those who are let in are written."""

from __future__ import annotations

from core.kernel.text import N_
from core.notices.texts import Notice, declare

_CREDENTIALS = frozenset({"name", "company", "login", "password", "until", "address"})

CONFIRM_EMAIL = declare(
    Notice(
        code="enrolment.confirm_email",
        title=N_("Code to confirm the e-mail of an application (mail)"),
        subject=N_("Your application at %(caisse)s"),
        body=N_(
            "Good day\n\n%(code)s confirms this e-mail address for your application at %(caisse)s. The code is valid "
            "for %(minutes)s minutes.\n\nIf you have not applied for an access, you need not do anything.\n\nNobody "
            "at %(caisse)s will ever ask you for this code or for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"code", "minutes"}),
    )
)
RECEIVED = declare(
    Notice(
        code="enrolment.received",
        title=N_("Application for access received (mail)"),
        subject=N_("Your application at %(caisse)s"),
        body=N_(
            "Good day\n\nWe have received the application of %(name)s for an access to our portal. Its reference is "
            "%(reference)s. We compare it with what we know and then write to you.\n\nNobody at %(caisse)s will ever "
            "ask you for your password or for a code.\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "reference"}),
    )
)
APPROVED = declare(
    Notice(
        code="enrolment.approved",
        title=N_("Application for access approved (mail)"),
        subject=N_("Your application at %(caisse)s"),
        body=N_(
            "Good day\n\nThe application of %(name)s with the reference %(reference)s is approved. The people named in "
            "it receive their access codes separately.\n\nNobody at %(caisse)s will ever ask you for your password."
            "\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "reference"}),
    )
)
REFUSED = declare(
    Notice(
        code="enrolment.refused",
        title=N_("Application for access refused (mail)"),
        subject=N_("Your application at %(caisse)s"),
        body=N_(
            "Good day\n\nWe cannot approve the application of %(name)s with the reference %(reference)s.\n\n"
            "%(reason)s\n\nIf something was entered wrongly, you can send a new application.\n\nNobody at %(caisse)s "
            "will ever ask you for your password or for a code.\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "reference", "reason"}),
    )
)
CODES_BY_LETTER = declare(
    Notice(
        code="enrolment.codes_letter",
        title=N_("Identifier and provisional password (letter)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nYou have been named to use the portal of %(caisse)s for %(company)s. You sign in "
            "at: %(address)s\n\nIdentifier: %(login)s\nProvisional password: %(password)s\n\nThe password is valid "
            "until %(until)s. At the first sign-in you choose one of your own, which only you know.\n\nKeep this "
            "letter where only you see it. Nobody at %(caisse)s will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=_CREDENTIALS,
    )
)
CODES_BY_SMS = declare(
    Notice(
        code="enrolment.codes_sms",
        title=N_("Identifier and provisional password (SMS)"),
        body=N_(
            "%(caisse)s: identifier %(login)s, provisional password %(password)s, valid until %(until)s. Sign in at "
            "%(address)s and choose your own password. Nobody will ever ask you for it."
        ),
        fields=_CREDENTIALS - {"name", "company"},
    )
)
COPY_FOR_REPRESENTATIVE = declare(
    Notice(
        code="enrolment.copy_letter",
        title=N_("Copy for the legal representative, without password (letter)"),
        subject=N_("Access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nYou stand as legal representative of %(company)s in its application for access to "
            "the portal of %(caisse)s. The terms were accepted on %(accepted)s; the access codes were sent on "
            "%(sent)s to:\n\n%(people)s\n\nThis copy holds no password. If you do not know one of these people, "
            "please tell us at once.\n\nNobody at %(caisse)s will ever ask you for your password or for a code.\n\n"
            "%(caisse)s"
        ),
        fields=frozenset({"name", "company", "accepted", "sent", "people"}),
    )
)
REGISTERED_BY_EMPLOYERS_CODE = declare(
    Notice(
        code="enrolment.registered_letter",
        title=N_("Somebody registered with the employer's code (letter)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nOn %(day)s an access to the portal of %(caisse)s was opened with your number, your "
            "date of birth and your employer's code.\n\nIf that was you, you need not do anything. If it was not "
            "you, please tell us at once; we block the access.\n\nNobody at %(caisse)s will ever ask you for your "
            "password or for a code.\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "day"}),
    )
)
