"""Who may open the pages about a company's users: its own administrators."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from core.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from core.kernel.actors import Actor
    from core.web.policies import View
    from core.web.requests import PortalRequest

P = ParamSpec("P")


def company_administrator(view: Callable[Concatenate[PortalRequest, Actor, P], HttpResponseBase]) -> View:
    """Open to administrators of the company itself, within ``party``; for others the page does not exist.

    Whoever acts for a client does not administer it.
    """

    @wraps(view)
    def guarded(request: PortalRequest, actor: Actor, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "administrator" not in actor.roles or actor.party_id != actor.acting_party_id:
            raise NotFound
        return view(request, actor, *args, **kwargs)

    return guarded
