"""Who may open a page: every view carries exactly one policy, and a test loops over all routes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.kernel.errors import NotFound
from core.terms.errors import TermsNotAccepted
from core.web.sign_in.keeping import Needed, ask_first
from core.web.support import watch
from core.web.terms_gate import find_standing

if TYPE_CHECKING:
    from uuid import UUID

    from django.http.response import HttpResponseBase

    from core.accounts.models import User
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

P = ParamSpec("P")
V = TypeVar("V", bound=Callable[..., Any])
View = Callable[..., "HttpResponseBase"]


def public(view: View) -> View:
    """Open to everybody."""
    view.policy = "public"  # type: ignore[attr-defined]  # read by the contract test over all routes
    return view


def signed_in(view: View) -> View:
    """Open to whoever has completed a sign-in at this caisse."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.identity.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.policy = "signed_in"  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded


def person(view: Callable[Concatenate[PortalRequest, User, P], HttpResponseBase]) -> View:
    """Open to whoever has completed a sign-in, for what is her own; an operator within a support access has nothing."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.identity.user
        if user is None:
            return to_sign_in(request)
        if request.identity.support is not None:
            raise NotFound
        request.person = user
        return view(request, user, *args, **kwargs)

    guarded.policy = "person"  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded


def party(view: Callable[Concatenate[PortalRequest, Actor, P], HttpResponseBase]) -> View:
    """Open to who acts for the party in the address; for anybody else the page does not exist."""

    @wraps(view)
    def guarded(request: PortalRequest, party: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        identity = request.identity
        identity.expect_party(party)
        if not identity.is_authenticated:
            return to_sign_in(request)
        actor = identity.actor_for(party)
        request.actor = actor
        request.terms = find_standing(request, actor, identity.find_seat(party).acting_party.kind)
        if request.terms.state == "closed" and not getattr(view, "before_terms", False):
            return _to_terms(request, actor)
        return view(request, actor, *args, **kwargs)

    guarded.policy = "party"  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded


def before_terms(view: V) -> V:
    """Let a party's page open before the terms of use are accepted: the terms themselves."""
    view.before_terms = True  # type: ignore[attr-defined]  # read by the policy around it
    return view


def _to_terms(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Send a reader to the terms; what a page sends by itself, or a form, is answered by the reason."""
    if request.method != "GET" or request.headers.get("HX-Request"):
        raise TermsNotAccepted
    return HttpResponseRedirect(reverse("party_terms", args=[actor.party_id]))


def desk(view: Callable[Concatenate[PortalRequest, Actor, P], HttpResponseBase]) -> View:
    """Open to those who work for the caisse, signed in with two factors."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        identity = request.identity
        if not identity.is_authenticated:
            return to_sign_in(request)
        actor = identity.clerk_actor
        request.actor = actor
        if identity.support is not None:
            watch(request, actor, identity.support)
        return view(request, actor, *args, **kwargs)

    guarded.policy = "desk"  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded


CONSOLE_ROLES = frozenset({"administrator", "auditor"})


def console(view: Callable[Concatenate[PortalRequest, Actor, P], HttpResponseBase]) -> View:
    """Open to the caisse's administrators and auditors; for other clerks the page does not exist."""

    def checked(request: PortalRequest, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not actor.roles & CONSOLE_ROLES:
            raise NotFound
        return view(request, actor, *args, **kwargs)

    guarded = wraps(view)(desk(checked))
    guarded.policy = "console"  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded


def administrator(view: Callable[Concatenate[PortalRequest, Actor, P], HttpResponseBase]) -> View:
    """Open to administrators of the caisse only, within ``console``: auditors see, and change nothing."""

    @wraps(view)
    def guarded(request: PortalRequest, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if "administrator" not in actor.roles:
            raise NotFound
        return view(request, actor, *args, **kwargs)

    return guarded


def recent(view: View) -> View:
    """Ask who sits there once more, where that was proved more than ten minutes ago; within another policy.

    What was posted waits in the session and is offered again afterwards. Put it on the page with the
    form as well, so that people are asked before they type.
    """

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        needed = Needed()
        return view(request, *args, **kwargs) if needed.is_met(request) else ask_first(request, needed)

    guarded.recent = True  # type: ignore[attr-defined]  # read by tests
    return guarded


def writer(view: Callable[Concatenate[PortalRequest, Actor, P], HttpResponseBase]) -> View:
    """Open to who writes for the party in the address, or at the desk where the address has none."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        guard = party if "party" in kwargs else desk
        return guard(view)(request, *args, **kwargs)

    guarded.policy = "writer"  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded


def to_sign_in(request: PortalRequest) -> HttpResponse:
    """Send to the sign-in and back to this page; a fragment's caller is told in a header."""
    back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "")
    target = f"{reverse('sign_in')}?{urlencode({'next': back})}" if back else reverse("sign_in")
    if request.headers.get("HX-Request") or request.headers.get("X-Relais-Autosave"):
        # The page keeps what was typed and offers the sign-in; see infra/assets/js/autosave.js.
        return HttpResponse(status=401, headers={"X-Relais-Sign-In": target})
    return HttpResponseRedirect(target)
