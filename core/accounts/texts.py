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
