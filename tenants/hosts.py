"""The host map: which caisse an address belongs to, in process memory; resolving costs no query.

With it lies what every request needs to know at once: limits, closings, notices for everybody.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings

from core.kernel import clock
from tenants import listening, revisions
from tenants.errors import CaisseUnknown
from tenants.naming import PLATFORM_ROLE
from tenants.reference import CaisseRef

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    import psycopg

# A host and at most a port: no list, no user part, no path, nothing that needs trimming.
_HOST_HEADER = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)\.?(?::[0-9]{1,5})?\Z")
_REVISION = "SELECT number FROM platform.tenants_revision WHERE topic = %s"
_CAISSES = """
    SELECT c.id, c.slug, c.state, c.name, c.closed_texts, c.reopens_at, to_jsonb(q), c.number, c.postcode, c.town
    FROM platform.tenants_caisse c LEFT JOIN platform.tenants_caissequota q ON q.caisse_id = c.id
"""
_NOTICES = """
    SELECT id, kind, level, texts, shown_from, begins_at, ends_at FROM platform.tenants_platformnotice
    WHERE ended_at IS NULL AND ends_at > now() ORDER BY begins_at, id
"""
_HOSTS = "SELECT caisse_id, host, path_prefix, is_primary FROM platform.tenants_host"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a caisse is reached. ``path_prefix`` is one segment without slashes, or empty."""

    host: str
    path_prefix: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """What a suspended caisse tells its visitors: why, by language, and until when if that is known."""

    texts: Mapping[str, str]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A caisse with the name that the platform's directory shows, and its addresses.

    ``limits`` are those that the caisse has of its own (``tenants.quotas``).
    """

    ref: CaisseRef
    name: str
    addresses: tuple[Address, ...]
    number: str = ""
    postcode: str = ""
    town: str = ""
    limits: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    closing: Closing | None = None

    @property
    def primary(self) -> Address:
        """The address to put into links that are made outside a request."""
        return next((one for one in self.addresses if one.is_primary), self.addresses[0])


@dataclass(frozen=True, slots=True)
class Notice:
    """What every page of every caisse shows from ``shown_from`` until ``ends_at``."""

    id: UUID
    kind: str
    level: str
    texts: Mapping[str, str]
    shown_from: datetime
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a host and a path lead to; ``caisse`` is None on the platform's own pages.

    ``shared``: the root of a host on which several caisses have a path each.
    """

    kind: Literal["caisse", "platform", "shared", "unknown", "malformed"]
    caisse: CaisseRef | None = None
    path_prefix: str = ""

    def inner_path(self, path: str) -> str:
        """Return a path as the caisse's pages know it, without the prefix."""
        return path.removeprefix(f"/{self.path_prefix}") if self.path_prefix else path


MALFORMED = Resolved("malformed")
UNKNOWN = Resolved("unknown")
PLATFORM = Resolved("platform")
SHARED = Resolved("shared")


@dataclass(frozen=True, slots=True)
class HostMap:
    """One state of all addresses; replaced as a whole."""

    revision: int = -1
    entries: Mapping[str, Entry] = field(default_factory=lambda: MappingProxyType({}))
    by_host: Mapping[str, Mapping[str, CaisseRef]] = field(default_factory=lambda: MappingProxyType({}))
    notices: tuple[Notice, ...] = ()

    def resolve(self, header: str, path: str) -> Resolved:
        """Return what a Host header and a path lead to."""
        match = _HOST_HEADER.match(header)
        if match is None:
            return MALFORMED
        host = match[1].lower()
        prefixes = self.by_host.get(host)
        if prefixes is not None:
            segment = path[1:].partition("/")[0]
            if segment in prefixes and segment:
                return Resolved("caisse", prefixes[segment], segment)
            if "" in prefixes:
                return Resolved("caisse", prefixes[""])
        if host == settings.PLATFORM_DOMAIN:
            return PLATFORM
        return SHARED if prefixes else UNKNOWN


_current = HostMap()
_loading = threading.Lock()


def current() -> HostMap:
    """Return the map; the first call in a process starts listening and waits for the load."""
    if _current.revision < 0 or not listening.is_started():
        listening.start()
    return _current


def resolve(header: str, path: str) -> Resolved:
    """Return what a Host header and a path lead to."""
    return current().resolve(header, path)


def host_of(header: str) -> str:
    """Return the host that a well-formed Host header names."""
    match = _HOST_HEADER.match(header)
    return match[1].lower() if match else ""


def get_caisse(caisse_id: str) -> CaisseRef:
    """Return a caisse by its id, from memory. Raises ``CaisseUnknown``."""
    entry = _find(caisse_id)
    if entry is None:
        raise CaisseUnknown(caisse=caisse_id)
    return entry.ref


def get_entry(caisse: CaisseRef) -> Entry:
    """Return a caisse's directory entry, from memory. Raises ``CaisseUnknown``."""
    entry = _find(caisse.id)
    if entry is None:
        raise CaisseUnknown(caisse=caisse.slug)
    return entry


def list_entries(*, state: str = "active", host: str = "") -> list[Entry]:
    """Return the caisses in a state, by name, from memory; only those of a shared host if it is one."""
    known = current()
    entries = known.entries.values()
    sharing = {ref.id for ref in known.by_host.get(host, {}).values()} if host != settings.PLATFORM_DOMAIN else set()
    found = (one for one in entries if one.ref.state == state and (not sharing or one.ref.id in sharing))
    return sorted(found, key=lambda one: one.name)


def list_notices() -> list[Notice]:
    """Return the notices for everybody that are shown at this moment, from memory."""
    now = clock.now()
    return [one for one in current().notices if one.shown_from <= now < one.ends_at]


def is_loaded() -> bool:
    """Whether this process has read the map; before, asking for it needs the database."""
    return _current.revision >= 0


def forget() -> None:
    """Drop the map; the next call loads it. For tests that change databases."""
    _replace(HostMap())


def _find(caisse_id: str) -> Entry | None:
    found = current().entries.get(caisse_id)
    if found is None:
        # The notice of a caisse that was made a moment ago may be on its way; one in the making was never announced.
        with listening.connect() as connection:
            _reload(connection, anew=True)
        found = _current.entries.get(caisse_id)
    return found


def _replace(new: HostMap) -> None:
    global _current  # noqa: PLW0603 -- one map per process
    _current = new


def _reload(connection: psycopg.Connection[Any], *, anew: bool = False) -> None:
    with _loading, connection.transaction():
        connection.execute(f"SET LOCAL ROLE {PLATFORM_ROLE}")
        row = connection.execute(_REVISION, [revisions.HOSTS]).fetchone()
        revision = row[0] if row else 0
        if anew or revision != _current.revision:
            _replace(_load(connection, revision))


def _load(connection: psycopg.Connection[Any], revision: int) -> HostMap:
    addresses: dict[str, list[Address]] = {}
    for caisse_id, host, prefix, is_primary in connection.execute(_HOSTS):
        addresses.setdefault(caisse_id, []).append(Address(host, prefix, is_primary))
    entries = {}
    for caisse_id, slug, state, name, texts, until, limits, number, postcode, town in connection.execute(_CAISSES):
        ref = CaisseRef(id=caisse_id, slug=slug, state=state)
        own = Address(f"{slug}.{settings.PLATFORM_DOMAIN}")
        every = (own, *addresses.get(caisse_id, []))
        closing = Closing(texts, until) if state == "suspended" else None
        entries[caisse_id] = Entry(ref, name, every, number, postcode, town, _own_limits(limits), closing)
    notices = tuple(Notice(*row) for row in connection.execute(_NOTICES))
    return HostMap(revision, MappingProxyType(entries), _index(entries), notices)


def _own_limits(row: dict[str, Any] | None) -> Mapping[str, int]:
    return MappingProxyType({name: limit for name, limit in (row or {}).items() if isinstance(limit, int)})


def _index(entries: Mapping[str, Entry]) -> Mapping[str, Mapping[str, CaisseRef]]:
    by_host: dict[str, dict[str, CaisseRef]] = {}
    for entry in entries.values():
        if entry.ref.state != "provisioning":
            for address in entry.addresses:
                by_host.setdefault(address.host, {})[address.path_prefix] = entry.ref
    return MappingProxyType({host: MappingProxyType(one) for host, one in by_host.items()})


def _on_notice(connection: psycopg.Connection[Any], payload: str) -> None:
    if payload.partition(":")[0] == revisions.HOSTS:
        _reload(connection)


listening.subscribe(revisions.CHANNEL, listening.Subscription(_on_notice, _reload))
