"""Which machines a look may speak to: an operator's host name must not lead it into the private net.

The name is resolved once; every address that it has must be a public one, and the connection goes to
that very address, so that a second answer of the name server changes nothing. A deployment whose
portals live in a private net names it in ``HOST_CHECK_NETWORKS``.
"""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from ipaddress import IPv4Address

    IpAddress = IPv4Address | IPv6Address

_LOOPBACK = ("127.0.0.1",)
# Addresses of the old world written as ones of the new: what they stand for decides.
_NAT64 = ip_network("64:ff9b::/96")
_TRANSLATED = [ip_network(one) for one in ("64:ff9b:1::/48", "2002::/16", "2001::/32")]


class NameUnknown(Exception):
    """The name server knows no address for the host."""


def resolve(host: str) -> list[str]:
    """Return the addresses of a host, each once. Raises ``NameUnknown``."""
    if settings.EMBEDDED and (host == "localhost" or host.endswith(".localhost")):
        return list(_LOOPBACK)  # as browsers read these names, whatever the machine's resolver says
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnknown from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_admitted(address: str) -> bool:
    """Whether a look may connect to an address."""
    found = _meant(ip_address(address.partition("%")[0]))
    if settings.EMBEDDED:
        return found.is_loopback or _is_public(found)
    named = (ip_network(one) for one in settings.HOST_CHECK_NETWORKS)
    return _is_public(found) or any(found in network for network in named if network.version == found.version)


def _meant(address: IpAddress) -> IpAddress:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return ip_address(int(address) & 0xFFFF_FFFF)
    return address


def _is_public(address: IpAddress) -> bool:
    if any(address in network for network in _TRANSLATED if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
