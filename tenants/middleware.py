"""Finds the caisse of a request by its host or path prefix; the first thing that needs to happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix

from tenants import hosts, pages, proof
from tenants.binding import bind

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from tenants.reference import CaisseRef

HEALTH_PREFIX = "/health/"


class CaisseRequest(HttpRequest):
    """A request after this middleware; ``caisse`` is None on the platform's own pages."""

    caisse: CaisseRef | None


class CaisseMiddleware:
    """Sets ``request.caisse`` (None on the platform's own host) and the addresses of links."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: CaisseRequest) -> HttpResponse:
        """Answer odd and unknown addresses; pass the rest on, bound to its caisse."""
        request.caisse = None
        if request.path_info.startswith(HEALTH_PREFIX):
            # Load balancers ask by IP address; the answer must not depend on the host map.
            return self._on_platform(request)
        found = hosts.resolve(_host_header(request), request.path_info)
        if found.kind == "malformed":
            return pages.answer("malformed_host", request)
        if found.kind == "unknown":
            return pages.answer("unknown_host", request)
        if found.caisse is None:
            return self._on_platform(request, settings.SHARED_URLCONF if found.kind == "shared" else "")
        if (path := found.inner_path(request.path_info)).startswith(proof.PATH):
            host = hosts.host_of(_host_header(request))
            return proof.answer(path, caisse=found.caisse, host=host, path_prefix=found.path_prefix)
        return self._on_caisse(request, found)

    def _on_platform(self, request: CaisseRequest, urlconf: str = "") -> HttpResponse:
        request.urlconf = urlconf or settings.PLATFORM_URLCONF
        with bind(None):
            return self.get_response(request)

    def _on_caisse(self, request: CaisseRequest, found: hosts.Resolved) -> HttpResponse:
        request.caisse = found.caisse
        if not found.path_prefix:
            return self._pass_on(request)
        if request.path_info == f"/{found.path_prefix}":
            return HttpResponseRedirect(f"{request.path}/")
        return self._under_prefix(request, found.path_prefix)

    def _under_prefix(self, request: CaisseRequest, path_prefix: str) -> HttpResponse:
        """Move the prefix from the path to SCRIPT_NAME, for this request and this thread only."""
        outer = get_script_prefix()
        script_name = f"{outer.rstrip('/')}/{path_prefix}"
        request.path_info = request.path_info.removeprefix(f"/{path_prefix}")
        request.META["PATH_INFO"] = request.path_info
        request.META["SCRIPT_NAME"] = script_name
        set_script_prefix(f"{script_name}/")
        try:
            return self._pass_on(request)
        finally:
            set_script_prefix(outer)

    def _pass_on(self, request: CaisseRequest) -> HttpResponse:
        caisse = request.caisse
        if caisse is not None and caisse.state == "suspended":
            # Every middleware runs, so that the page speaks the visitor's language in the caisse's colours.
            request.urlconf = settings.CLOSED_URLCONF
        with bind(caisse):
            return self.get_response(request)


def _host_header(request: HttpRequest) -> str:
    """Return the Host header as it came; a forwarded one is not believed."""
    return str(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))
