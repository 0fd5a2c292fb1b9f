"""What people are written when something was reported."""

from __future__ import annotations

from core.kernel.text import N_
from core.notices.texts import Notice, declare

HELP_CODE = declare(
    Notice(
        code="accounts.help_code",
        title=N_("Code to block one's own access (e-mail)"),
        subject=N_("Your code for %(caisse)s"),
        body=N_(
            "Good day\n\n%(code)s is the code with which you block your access at %(caisse)s. It is valid for "
            "%(minutes)s minutes and opens nothing.\n\nYou did not ask for it? Then somebody typed your name on our "
            "page; nothing has happened, and you need do nothing.\n\nNobody at %(caisse)s will ever ask you for this "
            "code or for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"code", "minutes"}),
    )
)
REPORTED = declare(
    Notice(
        code="accounts.incident_reported",
        title=N_("Receipt of a report about one's own access"),
        subject=N_("%(caisse)s: receipt of your report"),
        body=N_(
            "Good day\n\nYour report has arrived at %(at)s. Its reference is %(reference)s.\n\n%(effect)s\n\n"
            "How you get back in: your company's administrator sends you a new code, or you come by with an identity "
            "card, or we send you a letter. It was not you who reported this? Call us.\n\nNobody at %(caisse)s will "
            "ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"at", "reference", "effect"}),
    )
)
TO_COMPANY = declare(
    Notice(
        code="accounts.incident_company",
        title=N_("Report about an access, to the company's administrators"),
        subject=N_("%(caisse)s: an access of your company was reported"),
        body=N_(
            "Good day\n\nSomebody of your company has reported an incident with her access at %(caisse)s (reference "
            "%(reference)s, %(at)s). Who it is, what was ended and how she gets back in you see in the portal:\n\n"
            "%(link)s\n\nNobody at %(caisse)s will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"at", "reference", "link"}),
    )
)
TO_CAISSE = declare(
    Notice(
        code="accounts.incident_caisse",
        subject=N_("An incident was reported at %(caisse)s"),
        body=N_(
            "Good day\n\nAn incident with an access was reported (reference %(reference)s, %(at)s). It waits at the "
            "desk:\n\n%(link)s\n\nNobody will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"at", "reference", "link"}),
    )
)
NEW_DEVICE = declare(
    Notice(
        code="accounts.new_device",
        title=N_("Sign-in from a new device"),
        subject=N_("%(caisse)s: sign-in from a new device"),
        body=N_(
            "Good day\n\nSomebody signed in with your access at %(caisse)s from a device that you have not used "
            "before: %(device)s, %(at)s.\n\nIt was you? Then there is nothing to do. It was not you? Block your access "
            "here at once:\n\n%(link)s\n\nNobody at %(caisse)s will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"at", "device", "link"}),
    )
)
EFFECTS = {
    True: N_(
        "Your access is blocked since that moment, and everything that was signed in with it has been signed out. "
        "What was done before counts as done by you; what comes after does not."
    ),
    False: N_("Your access stays open, as you wished; every other device has been signed out."),
}
