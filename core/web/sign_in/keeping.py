"""What somebody was about to do when a stronger or a younger proof was asked of her; it waits in the session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.accounts import reentry
from core.accounts.levels import TWO_FACTORS

if TYPE_CHECKING:
    from core.web.requests import PortalRequest

# Where the session keeps it.
KEPT = "after_reentry"


@dataclass(frozen=True, slots=True)
class Needed:
    """The level that is asked, and whether it must have been proved within the last ten minutes."""

    level: int = TWO_FACTORS
    fresh: bool = True

    def is_met(self, request: PortalRequest) -> bool:
        """Whether this session has proved it."""
        return reentry.is_enough(request.session, self.level, fresh=self.fresh)


def read_needed(request: PortalRequest) -> Needed:
    """Return what was asked for."""
    kept = request.session.get(KEPT, {})
    return Needed(level=kept.get("level", TWO_FACTORS), fresh=kept.get("fresh", True))


def ask_first(request: PortalRequest, needed: Needed) -> HttpResponse:
    """Keep what she wanted, posted fields included, and ask her; a fragment's page is told to go there as a whole."""
    kept: dict[str, Any] = {"path": request.get_full_path(), "level": needed.level, "fresh": needed.fresh}
    if request.method == "POST":
        posted = [(name, value) for name, values in request.POST.lists() for value in values]
        kept["posted"] = [one for one in posted if one[0] != "csrfmiddlewaretoken"]
    request.session[KEPT] = kept
    target = reverse("sign_in_again")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
