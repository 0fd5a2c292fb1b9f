"""Names and attributes of a caisse's cookies, on its own host and on a shared one.

On an own host the ``__Host-`` prefix makes the browser refuse a cookie that another host set. On
a shared host the path keeps caisses apart, which is weaker (docs/security): the name carries the
caisse's id, so that one caisse's cookie is never even read as another's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http.request import split_domain_port

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie of one caisse as this request may carry it."""

    name: str
    path: str
    secure: bool

    def write(self, response: HttpResponse, value: str, max_age: int | None = None) -> None:
        """Set it for as long as the browser runs, or for so many seconds; the server's own expiry is what counts."""
        response.set_cookie(
            self.name, value, max_age=max_age, path=self.path, secure=self.secure, httponly=True, samesite="Lax"
        )

    def remove(self, response: HttpResponse) -> None:
        """Make the browser forget it."""
        response.delete_cookie(self.name, path=self.path, samesite="Lax")
        response.cookies[self.name]["secure"] = self.secure
        response.cookies[self.name]["httponly"] = True


def cookie_of(request: HttpRequest, purpose: str) -> Cookie:
    """Return the cookie for ``session`` or ``csrf`` at this address."""
    secure = request.is_secure() or not _is_local(request)
    prefix = str(request.META.get("SCRIPT_NAME", "")).rstrip("/")
    caisse = getattr(request, "caisse", None)
    if prefix and caisse is not None:
        return Cookie(f"{'__Secure-' if secure else ''}relais_{caisse.id}_{purpose}", f"{prefix}/", secure)
    return Cookie(f"{'__Host-' if secure else ''}relais_{purpose}", "/", secure)


def _is_local(request: HttpRequest) -> bool:
    name, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    return name in _LOCAL_NAMES or name.endswith(".localhost")
