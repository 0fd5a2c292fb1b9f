"""Where a sign-in proved too little: the page that asks for more, and then back with nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.levels import TWO_FACTORS
from core.web.sign_in.keeping import Needed, ask_first

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.errors import AssuranceTooLow
    from core.web.requests import PortalRequest


def ask_for_more(request: PortalRequest, error: AssuranceTooLow) -> HttpResponse | None:
    """Ask for the level that was too low; None where only a program asks, which reads the level in the problem."""
    by_page = not request.path_info.startswith("/api/") and not request.headers.get("X-Relais-Autosave")
    identity = getattr(request, "identity", None)
    if not by_page or identity is None or not identity.is_authenticated or identity.support is not None:
        return None
    level = error.params.get("needed", TWO_FACTORS)
    fresh = error.params.get("fresh") is True
    return ask_first(request, Needed(level=level if isinstance(level, int) else TWO_FACTORS, fresh=fresh))
