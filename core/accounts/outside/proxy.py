"""The client certificate as our own proxy has verified it; what anybody else writes into these headers is ignored.

The proxy ends TLS, so only it knows. It is believed where it shows the shared secret and where its
address is one of those named; with neither set nothing is believed (docs/operator/certificates.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.crypto import constant_time_compare

from core.kernel import clock

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

CERTIFICATE, VERDICT, SECRET = (
    f"HTTP_X_RELAIS_{name}" for name in ("CERTIFICATE", "CERTIFICATE_VERIFIED", "PROXY_SECRET")
)
_LONGEST = 16_384
_LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is used of a certificate; ``fingerprint`` is the SHA-256 of the whole, ``label`` the holder's name."""

    fingerprint: str
    subject: str
    issuer: str
    label: str
    valid_from: datetime
    valid_until: datetime

    def is_valid(self, now: datetime) -> bool:
        """Whether it is within its dates."""
        return self.valid_from <= now <= self.valid_until


def is_served() -> bool:
    """Whether a proxy of this installation may present certificates."""
    return bool(settings.CERTIFICATE_PROXY_SECRET or settings.CERTIFICATE_PROXIES)


def read_certificate(request: HttpRequest) -> Certificate | None:
    """Return the certificate that the proxy has verified and that is within its dates; None for anything else."""
    if not _is_our_proxy(request) or request.META.get(VERDICT) != "SUCCESS":
        return None
    found = _parse(str(request.META.get(CERTIFICATE, "")))
    return found if found is not None and found.is_valid(clock.now()) else None


def was_refused(request: HttpRequest) -> bool:
    """Whether our proxy was shown a certificate that it did not accept, or one out of its dates."""
    shown = _is_our_proxy(request) and request.META.get(VERDICT, "NONE") not in {"NONE", ""}
    return shown and read_certificate(request) is None


def _is_our_proxy(request: HttpRequest) -> bool:
    secret, networks = settings.CERTIFICATE_PROXY_SECRET, settings.CERTIFICATE_PROXIES
    if not is_served():
        return False
    if secret and not constant_time_compare(str(request.META.get(SECRET, "")), secret):
        return False
    return not networks or _is_within(str(request.META.get("REMOTE_ADDR", "")), networks)


def _is_within(address: str, networks: list[str]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(one) for one in networks)


def _parse(escaped: str) -> Certificate | None:
    if not escaped or len(escaped) > _LONGEST:
        return None
    try:
        found = x509.load_pem_x509_certificate(unquote(escaped).encode("ascii"))
        subject, issuer = found.subject.rfc4514_string(), found.issuer.rfc4514_string()
        named = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    except ValueError:  # also what is no ASCII, or no certificate at all
        return None
    if len(subject) > _LONGEST_NAME or len(issuer) > _LONGEST_NAME:
        return None
    return Certificate(
        fingerprint=hashlib.sha256(found.public_bytes(Encoding.DER)).hexdigest(),
        subject=subject,
        issuer=issuer,
        label=str(named[0].value)[:200] if named else subject[:200],
        valid_from=found.not_valid_before_utc,
        valid_until=found.not_valid_after_utc,
    )
