"""What administrators are written when an operator asks to look in."""

from __future__ import annotations

from core.kernel.text import N_
from core.notices.texts import Notice, declare

ASKED = declare(
    Notice(
        code="accounts.support_asked",
        subject=N_("A request for support access at %(caisse)s"),
        body=N_(
            "Good day\n\nAn operator of the platform asks to look into the desk of %(caisse)s for support. Why, and "
            "whether you allow it, you see and say in the settings:\n\n%(link)s\n\nWithout your answer nobody gets in. "
            "Nobody will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"link"}),
    )
)
