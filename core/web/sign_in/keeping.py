"""What somebody was about to do when a stronger or a younger proof was asked of her; it waits in the session."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.accounts import reentry
from core.accounts.levels import RECOVERY, TWO_FACTORS

if TYPE_CHECKING:
    from core.accounts.factors import Factor
    from core.web.requests import PortalRequest

# Where the session keeps it.
KEPT = "after_reentry"


@dataclass(frozen=True, slots=True)
class Needed:
    """The level that is asked, and whether it must have been proved within the last ten minutes.

    With ``or_recovery`` a recovery code beside the password is enough, whatever the level: it is there for the day
    when what is stronger was lost.
    """

    level: int = TWO_FACTORS
    fresh: bool = True
    or_recovery: bool = False

    def is_met(self, request: PortalRequest) -> bool:
        """Whether this session has proved it."""
        if reentry.is_enough(request.session, self.level, fresh=self.fresh):
            return True
        recovered = self.or_recovery and RECOVERY in reentry.list_recent(request.session)
        return recovered and reentry.is_enough(request.session, TWO_FACTORS, fresh=True)

    def accepts(self, way: Factor) -> bool:
        """Whether a factor would prove it."""
        return way.level >= self.level or (self.or_recovery and way.method == RECOVERY)


def read_needed(request: PortalRequest) -> Needed:
    """Return what was asked for."""
    return Needed(**request.session.get(KEPT, {}).get("needed", {}))


def ask_first(request: PortalRequest, needed: Needed) -> HttpResponse:
    """Keep what she wanted, posted fields included, and ask her; a fragment's page is told to go there as a whole."""
    kept: dict[str, Any] = {"path": _path(request), "needed": asdict(needed)}
    if request.method == "POST" and not _is_fragment(request):
        posted = [(name, value) for name, values in request.POST.lists() for value in values]
        kept["posted"] = [one for one in posted if one[0] != "csrfmiddlewaretoken"]
        kept["files"] = [one.name for many in request.FILES.lists() for one in many[1]]
    request.session[KEPT] = kept
    target = reverse("sign_in_again")
    if _is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _is_fragment(request: PortalRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _path(request: PortalRequest) -> str:
    """Return where to come back to; for a fragment, the page that holds it."""
    if not _is_fragment(request):
        return request.get_full_path()
    origin, page = f"{request.scheme}://{request.get_host()}", request.headers.get("HX-Current-URL", "")
    return page.removeprefix(origin) if page.startswith(f"{origin}/") else reverse("home")
