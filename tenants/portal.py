"""A caisse's address as people see it, for links that are made outside a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from tenants import hosts

if TYPE_CHECKING:
    from tenants.reference import CaisseRef

_USUAL_PORTS = {"http": 80, "https": 443}


def portal_url(caisse: CaisseRef) -> str:
    """Return the primary address without a slash at its end, such as ``https://ak26.example/`` less the slash."""
    primary = hosts.get_entry(caisse).primary
    port = settings.PUBLIC_PORT
    suffix = "" if port == _USUAL_PORTS.get(settings.PUBLIC_SCHEME) else f":{port}"
    prefix = f"/{primary.path_prefix}" if primary.path_prefix else ""
    return f"{settings.PUBLIC_SCHEME}://{primary.host}{suffix}{prefix}"
