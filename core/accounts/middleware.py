"""Session, CSRF and identity of a request, with cookies that stay within their caisse."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.middleware import csrf
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from core.accounts.addresses import coarse_place, counted_address
from core.accounts.cookies import cookie_of
from core.accounts.devices import summarise_device
from core.accounts.identity import Identity
from core.accounts.known_devices import read_device, write_device
from core.accounts.sessions import Origin, SessionStore
from core.kernel.telemetry import whence

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User
    from core.accounts.requests import AccountRequest

SERVER_ERROR = 500


class SessionMiddleware:
    """Gives each request of a caisse its session; reads nothing until it is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the session, and write it after the answer was made."""
        cookie = cookie_of(request, "session")
        origin = Origin(
            ip_prefix=counted_address(request),
            device=summarise_device(request.META.get("HTTP_USER_AGENT", "")),
            device_key=read_device(request),
        )
        store = SessionStore(request.COOKIES.get(cookie.name), caisse=getattr(request, "caisse", None), origin=origin)
        request.session = store
        token = whence.set({"device": origin.device, "place": coarse_place(origin.ip_prefix)})
        try:
            response = self.get_response(request)
        finally:
            whence.reset(token)
        write_device(request, response)
        return self._finish(request, store, response)

    def _finish(self, request: HttpRequest, store: SessionStore, response: HttpResponse) -> HttpResponse:
        cookie = cookie_of(request, "session")
        if store.accessed:
            patch_vary_headers(response, ("Cookie",))
        if store.unreadable:
            return response
        if store.is_empty():
            if cookie.name in request.COOKIES:
                cookie.remove(response)
        elif store.modified and store.caisse is not None and response.status_code < SERVER_ERROR:
            try:
                store.save()
            except UpdateError:
                cookie.remove(response)  # signed out elsewhere while this request ran
            else:
                cookie.write(response, str(store.session_key))
        else:
            store.touch()
        return response


class CsrfMiddleware(csrf.CsrfViewMiddleware):
    """Django's protection, with a cookie that is named and bound like the session's."""

    def _get_secret(self, request: HttpRequest) -> str | None:
        secret = request.COOKIES.get(cookie_of(request, "csrf").name)
        if secret is not None:
            csrf._check_token_format(secret)  # type: ignore[attr-defined]  # the check of the overridden method
        return secret

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponse) -> None:
        cookie_of(request, "csrf").write(response, request.META["CSRF_COOKIE"])
        patch_vary_headers(response, ("Cookie",))


class IdentityMiddleware:
    """Sets ``request.identity`` and ``request.user``; the database is read at the first question."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: AccountRequest) -> HttpResponse:
        """Attach both, lazily."""
        identity = Identity(request.session)
        request.identity = identity
        request.user = cast("User", SimpleLazyObject(lambda: _user_of(identity)))
        return self.get_response(request)


def _user_of(identity: Identity) -> User | AnonymousUser:
    return identity.user or AnonymousUser()
