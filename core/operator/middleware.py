"""Gives pages under ``/operator/`` the console's own session in place of a caisse's."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.sessions.backends.base import UpdateError
from django.utils.cache import patch_vary_headers

from core.accounts.addresses import counted_address
from core.accounts.cookies import cookie_of
from core.accounts.devices import summarise_device
from core.operator.sessions import OperatorSessionStore, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from core.operator.requests import OperatorRequest

PREFIX = "/operator/"
COOKIE_PURPOSE = "operator"


class OperatorMiddleware:
    """Reads nothing until it is asked; on other pages and at caisses it is not there at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the session, and write it after the answer was made."""
        if getattr(request, "caisse", None) is not None or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        cookie = cookie_of(request, COOKIE_PURPOSE)
        device = summarise_device(request.META.get("HTTP_USER_AGENT", ""))
        origin = Origin(address=counted_address(request), device=device)
        store = OperatorSessionStore(request.COOKIES.get(cookie.name), origin=origin)
        cast("OperatorRequest", request).session = store
        response = self.get_response(request)
        return _finish(request, store, response)


def _finish(request: HttpRequest, store: OperatorSessionStore, response: HttpResponse) -> HttpResponse:
    cookie = cookie_of(request, COOKIE_PURPOSE)
    if store.accessed:
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Cache-Control", "private, no-store")
    if store.unreadable:
        return response
    if store.accessed and store.session_key is None:
        if cookie.name in request.COOKIES:
            cookie.remove(response)
    elif store.modified:
        try:
            store.save()
        except UpdateError:
            cookie.remove(response)  # ended elsewhere while this request ran
        else:
            cookie.write(response, str(store.session_key))
    else:
        store.touch()
    return response
