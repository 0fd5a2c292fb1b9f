"""Why support access was not asked for or granted."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput


class SupportIncomplete(InvalidInput):
    """Enter the operator's e-mail and what the access is for."""

    code = "support_incomplete"


class SupportTooLong(InvalidInput):
    """The access ends after it begins, lies in the future, and lasts 72 hours at most."""

    code = "support_too_long"


class SupportAsked(Conflict):
    """You have asked this caisse already; its administrators have not answered yet."""

    code = "support_asked"


class SupportAnswered(Conflict):
    """A colleague has answered this request, or it has ended meanwhile."""

    code = "support_answered"
