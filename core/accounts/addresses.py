"""The network address that a request came from, as far as it can be trusted, and what it counts as."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

# One household or office holds a whole /64 of IPv6; counting single addresses would count nothing.
IPV6_PREFIX = 64
# What a person sees of an address in her history: enough to tell the office from abroad, not which machine it was.
_SHOWN = {4: 24, 6: 48}


def client_address(request: HttpRequest) -> str:
    """Return the caller's address; the forwarded ones count only behind known proxies.

    With ``TRUSTED_PROXY_COUNT`` = n, the n-th entry from the right was written by the outermost
    proxy of ours; anything further left is the caller's own invention.
    """
    count: int = settings.TRUSTED_PROXY_COUNT
    header = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    forwarded = [part.strip() for part in header.split(",") if part.strip()]
    if count and len(forwarded) >= count:
        return forwarded[-count]
    return str(request.META.get("REMOTE_ADDR", ""))


def counted_address(request: HttpRequest) -> str:
    """Return under what the caller is counted by the limiter."""
    return address_prefix(client_address(request))


def address_prefix(address: str) -> str:
    """Return what is counted: an IPv4 address, an IPv6 network of 64 bits, or ``unknown``."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)


def coarse_place(address: str) -> str:
    """Return what is shown and kept of an address or a counted network: ``192.0.2.0/24``, ``2001:db8:1::/48``."""
    try:
        parsed = ip_network(address, strict=False)
    except ValueError:
        return ""
    return str(ip_network((parsed.network_address, _SHOWN[parsed.version]), strict=False))
