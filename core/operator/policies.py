"""Who may open a page of the console: operators who signed in, and for what matters those who proved it anew."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.kernel.actors import Actor
from core.operator.frame import frame_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from core.operator.requests import OperatorRequest
    from tenants.models import Operator

    View = Callable[..., HttpResponseBase]

P = ParamSpec("P")


def operator(view: Callable[Concatenate[OperatorRequest, Actor, P], HttpResponseBase]) -> View:
    """Open to operators who are signed in with a passkey, or with password and one-time password."""

    @wraps(view)
    def guarded(request: OperatorRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        signed_in = request.session.operator
        if signed_in is None:
            return _send(request, "operator_sign_in")
        request.operator = signed_in
        request.actor = actor_of(signed_in, request.session.level)
        request.frame = frame_of(signed_in)  # type: ignore[attr-defined]  # read by core.web.context
        return view(request, request.actor, *args, **kwargs)

    guarded.policy = "operator"  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded


def operator_proved(view: Callable[Concatenate[OperatorRequest, Actor, P], HttpResponseBase]) -> View:
    """Open to operators who proved within the last ten minutes that it is they who sit there; asks for it else.

    Put it on the page that holds the form as well, so that nobody is asked when she sends it.
    """

    def checked(request: OperatorRequest, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.session.is_proved:
            return _send(request, "operator_prove")
        return view(request, actor, *args, **kwargs)

    guarded: Any = wraps(view)(operator(checked))
    guarded.policy = "operator"
    guarded.proved = True
    return guarded  # type: ignore[no-any-return]  # the wrapped view with two marks


def actor_of(one: Operator, level: int) -> Actor:
    """Return the operator as the actor of services; she has no rights in any caisse."""
    return Actor(kind="operator", name=one.name, user_id=one.id, assurance_level=level)


def _send(request: OperatorRequest, name: str) -> HttpResponse:
    """Send to a page that asks who she is, and back; a fragment's caller is told in a header."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        back = request.get_full_path()
    else:
        parts = urlsplit(request.headers.get("Referer", ""))
        back = f"{parts.path}?{parts.query}" if parts.query else parts.path
    target = f"{reverse(name)}?{urlencode({'next': back})}" if back else reverse(name)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"X-Relais-Sign-In": target, "HX-Redirect": target})
    return HttpResponseRedirect(target)
