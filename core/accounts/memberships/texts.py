"""What people are written about their access for a company."""

from __future__ import annotations

from core.kernel.text import N_
from core.notices.texts import Notice, declare

TO_PERSON = declare(
    Notice(
        code="accounts.member_told",
        title=N_("Your access for a company has changed (mail)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nThis has changed in your access to the portal for %(company)s:\n\n%(what)s\n\nDone "
            "by: %(by)s\n\nIf you did not expect this, ask the administrators of the company or %(caisse)s.\n\n"
            "Nobody at %(caisse)s will ever ask you for your password or for a code.\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "company", "what", "by"}),
    )
)
TO_ADMINISTRATORS = declare(
    Notice(
        code="accounts.company_told",
        title=N_("A change among the users of a company (mail to its administrators)"),
        subject=N_("Users of your company in the portal of %(caisse)s"),
        body=N_(
            "Good day\n\nThis has changed among the users of %(company)s:\n\n%(what)s\n\nDone by: %(by)s\n\nAll "
            "users with what they may do: %(link)s\n\nNobody at %(caisse)s will ever ask you for your password or "
            "for a code.\n\n%(caisse)s"
        ),
        fields=frozenset({"company", "what", "by", "link"}),
    )
)
REVIEW_DUE = declare(
    Notice(
        code="accounts.review_due",
        title=N_("Reminder to look at who has access (mail to administrators)"),
        subject=N_("Who has access for your company at %(caisse)s?"),
        body=N_(
            "Good day\n\nPlease look through who has access for %(company)s, and confirm or end it, by %(day)s.\n\n"
            "Users to confirm: %(count)s\n%(link)s\n\nNobody at %(caisse)s will ever ask you for your password or "
            "for a code.\n\n%(caisse)s"
        ),
        fields=frozenset({"company", "day", "count", "link"}),
    )
)
ACCESS_ENDS = declare(
    Notice(
        code="accounts.access_ends",
        title=N_("Reminder that an access ends (mail)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day %(name)s\n\nYour access to the portal for %(company)s ends on %(day)s. If you need it for "
            "longer, ask an administrator of the company.\n\nNobody at %(caisse)s will ever ask you for your "
            "password or for a code.\n\n%(caisse)s"
        ),
        fields=frozenset({"name", "company", "day"}),
    )
)
