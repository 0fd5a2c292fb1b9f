"""What documents need from outside: a store of objects and a scanner; composition installs both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from core.kernel.text import Text

CHUNK_BYTES = 256 * 1024
# Letters, digits, dashes; no dots: nothing that leaves a folder or a prefix can be written as a key.
_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}(/[A-Za-z0-9_-]{1,80}){1,4}")


class ObjectMissing(Exception):
    """There is no object of that key."""


class ObjectTaken(Exception):
    """Another object has that key; objects are never overwritten."""


class PortUnavailable(Exception):
    """The neighbour cannot be reached or answers with an error of its own; try again later."""


def check_key(key: str) -> str:
    """Return the key; raise ``ValueError`` if it is not of the form ``caisse/document``."""
    if not _KEY.fullmatch(key):
        message = f"{key!r} is no key"
        raise ValueError(message)
    return key


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's key, size and, where the store can say it, digest and time of storing."""

    key: str
    size_bytes: int
    sha256: str = ""
    stored_at: datetime | None = None


@runtime_checkable
class DocumentStore(Protocol):
    """Objects by key (``caisse/document``), written once, read whole, deleted alone.

    All methods may raise :class:`PortUnavailable`.
    """

    def put(self, key: str, chunks: Iterable[bytes]) -> StoredObject:
        """Store an object durably in constant memory; it exists whole or not at all.

        Repeatable: the same bytes under the same key are accepted again, other bytes raise
        :class:`ObjectTaken`. An exception out of ``chunks`` leaves nothing behind.
        """

    def open(self, key: str) -> Iterator[bytes]:
        """Yield an object's bytes in chunks; raises :class:`ObjectMissing` before the first."""

    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""

    def stat(self, key: str) -> StoredObject:
        """Return size and time of storing; raises :class:`ObjectMissing`."""

    def delete(self, key: str) -> None:
        """Delete an object; repeatable."""

    def list_objects(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with ``prefix``, in the order of their keys."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner says of one file: a refusal code, or none; and what it found."""

    refusal_code: str = ""
    detail: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.refusal_code


@runtime_checkable
class VirusScanner(Protocol):
    """Looks into a file before anybody may open it."""

    @property
    def finds_viruses(self) -> bool:
        """Whether it knows viruses; false for a scanner that only looks at structure."""

    @property
    def notice(self) -> Text | None:
        """What must be said visibly about this scanner, such as "no virus scanner"."""

    def scan(self, content: IO[bytes], *, filename: str, media_type: str) -> Verdict:
        """Judge a file from its beginning to its end; raises :class:`PortUnavailable`."""


@dataclass
class Ports:
    """The adapters in use."""

    store: DocumentStore | None = None
    scanner: VirusScanner | None = None


_ports = Ports()


def install(*, store: DocumentStore, scanner: VirusScanner) -> None:
    """Use these adapters from now on; called once by composition."""
    _ports.store, _ports.scanner = store, scanner


def get_store() -> DocumentStore:
    """Return the installed store."""
    if _ports.store is None:
        message = "no document store is installed"
        raise PortUnavailable(message)
    return _ports.store


def get_scanner() -> VirusScanner:
    """Return the installed scanner."""
    if _ports.scanner is None:
        message = "no scanner is installed"
        raise PortUnavailable(message)
    return _ports.scanner
