"""One look at one address: what was found, and when its certificate ends. Touches no database."""

from __future__ import annotations

import contextlib
import hmac
import http.client
import json
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tenants import proof
from tenants.host_check import network

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.hosts import Address
    from tenants.reference import CaisseRef

PART_SECONDS = 4.0
WHOLE_SECONDS = 10.0
LARGEST_ANSWER = 4096
MOST_ADDRESSES = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: a code of ``outcomes`` with its figures."""

    outcome: str
    details: dict[str, Any] = field(default_factory=dict)
    certificate_ends_at: datetime | None = None


class _Ended(Exception):
    def __init__(self, outcome: str, **details: Any) -> None:
        super().__init__(outcome)
        self.seen = Seen(outcome, details)


def look_at(caisse: CaisseRef, address: Address, *, resolve: Callable[[str], list[str]] = network.resolve) -> Seen:
    """Ask the address from outside to prove that it is this caisse's; ends within ten seconds whatever happens.

    Follows no redirect, reads a few kilobytes, sends nothing but a challenge.
    """
    look = _Look(caisse, address, resolve)
    thread = threading.Thread(target=look.run, name="relais-host-check", daemon=True)
    begun = time.monotonic()
    thread.start()
    thread.join(WHOLE_SECONDS)
    seen, milliseconds = look.seen, int((time.monotonic() - begun) * 1000)
    look.abandon()
    return replace(seen, details={**seen.details, "milliseconds": milliseconds})


class _Look:
    def __init__(self, caisse: CaisseRef, address: Address, resolve: Callable[[str], list[str]]) -> None:
        self.caisse, self.address, self.resolve = caisse, address, resolve
        self.seen = Seen("too_slow", {"seconds": int(WHOLE_SECONDS)})
        self.line: _Pinned | None = None

    def run(self) -> None:
        try:
            self.seen = self._ask_all(self._find_addresses())
        except _Ended as ended:
            self.seen = ended.seen

    def abandon(self) -> None:
        """Cut a connection that is still open: a server that sends drop by drop holds no thread."""
        if self.line is not None and self.line.opened is not None:
            with contextlib.suppress(OSError):
                self.line.opened.shutdown(socket.SHUT_RDWR)

    def _find_addresses(self) -> list[str]:
        try:
            found = self.resolve(self.address.host)
        except network.NameUnknown:
            raise _Ended("name_unknown", host=self.address.host, platform=settings.PLATFORM_DOMAIN) from None
        if not all(network.is_admitted(one) for one in found):
            raise _Ended("private_address", host=self.address.host)
        return found[:MOST_ADDRESSES]

    def _ask_all(self, addresses: list[str]) -> Seen:
        """Every address that the name has must lead here: visitors get any of them."""
        ends = [self._ask(one) for one in addresses]
        known = [one for one in ends if one is not None]
        return Seen("points_here", {"address": ", ".join(addresses)}, min(known) if known else None)

    def _ask(self, address: str) -> datetime | None:
        self.line = _Pinned(self.address.host, settings.PUBLIC_PORT, address)
        challenge, prefix = proof.new_challenge(), self.address.path_prefix
        with contextlib.closing(self.line):
            try:
                self.line.request("GET", (f"/{prefix}" if prefix else "") + proof.PATH + challenge)
                ends = self.line.certificate_end()
                answer = self.line.getresponse()
                content = answer.read(LARGEST_ANSWER)
            except ssl.SSLCertVerificationError as error:
                raise _Ended("certificate_refused", address=address, reason=error.verify_message) from None
            except ssl.SSLError as error:
                raise _Ended("certificate_refused", address=address, reason=error.reason or "TLS") from None
            except (OSError, http.client.HTTPException) as error:
                raise _Ended("no_answer", address=address, port=settings.PUBLIC_PORT, reason=_name(error)) from None
        self._judge(address, answer.status, content, challenge)
        return ends

    def _judge(self, address: str, status: int, content: bytes, challenge: str) -> None:
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise _Ended("redirected", address=address, status=status)
        told = _read(content) if status == HTTPStatus.OK else {}
        caisse_id = str(told.get("caisse", ""))
        expected = proof.make_proof(
            challenge=challenge, caisse_id=caisse_id, host=self.address.host, path_prefix=self.address.path_prefix
        )
        if not hmac.compare_digest(expected.encode(), str(told.get("proof", "")).encode()):
            raise _Ended("elsewhere", address=address, status=status)
        if caisse_id != self.caisse.id:
            raise _Ended("other_caisse", address=address)


class _Pinned(http.client.HTTPConnection):
    """Speaks to one IP address as if it had looked the host up; TLS is checked for the host."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=PART_SECONDS)
        self._address = address
        self.opened: socket.socket | None = None  # the library lets go of its own while an answer is read

    def connect(self) -> None:
        self.sock = self.opened = socket.create_connection((self._address, self.port), self.timeout)
        if settings.PUBLIC_SCHEME == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
        self.opened = self.sock

    def certificate_end(self) -> datetime | None:
        """Return when the certificate ends, or None without TLS."""
        if not isinstance(self.sock, ssl.SSLSocket):
            return None
        ends = (self.sock.getpeercert() or {}).get("notAfter", "")
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC)


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _name(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    return "refused" if isinstance(error, ConnectionRefusedError) else type(error).__name__
