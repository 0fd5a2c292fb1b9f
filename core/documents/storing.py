"""Bringing files into the store and out of it: in chunks, limited, and with the digest verified."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from core.documents import names, sniffing
from core.documents.errors import DocumentDamaged, FileEmpty, FileTooLarge, StoreUnavailable
from core.documents.ports import CHUNK_BYTES, ObjectMissing, PortUnavailable, get_store
from core.kernel.identifiers import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from core.documents.models import Document
    from tenants.scope import CaisseRef

DEFAULT_LIMIT = 32 * 2**20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the store and has no row yet."""

    document_id: UUID
    filename: str
    media_type: str
    size_bytes: int
    sha256: str


def key_of(caisse: CaisseRef, document_id: UUID) -> str:
    """Return the object's key: never the digest, so that equal files stay two documents."""
    return f"{caisse.id}/{document_id}"


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file's bytes from where it stands."""
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


@dataclass(slots=True)
class _Meter:
    """Measures what passes through, and stops what is too long."""

    limit: int
    size: int = 0
    head: bytes = b""
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def measured(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.size += len(chunk)
            if self.size > self.limit:
                raise FileTooLarge(limit=self.limit // 2**20)
            self.head += chunk[: sniffing.HEAD_BYTES - len(self.head)]
            self.digest.update(chunk)
            yield chunk
        if not self.size:
            raise FileEmpty


def store_file(
    *, caisse: CaisseRef, chunks: Iterable[bytes], filename: str, limit_bytes: int = DEFAULT_LIMIT
) -> StoredFile:
    """Put a file into the store; outside any transaction.

    Raises ``FilenameUnusable``, ``FileTooLarge``, ``FileEmpty`` or ``StoreUnavailable``; then
    nothing stays. A crash between this and the row leaves an object that ``caisse store`` finds.
    """
    name = names.clean_filename(filename)
    document_id, meter = new_id(), _Meter(limit_bytes)
    try:
        get_store().put(key_of(caisse, document_id), meter.measured(chunks))
    except PortUnavailable as error:
        raise StoreUnavailable from error
    media_type = sniffing.sniff(meter.head, name)
    return StoredFile(
        document_id, sniffing.with_ending(name, media_type), media_type, meter.size, meter.digest.hexdigest()
    )


def stream_verified(caisse: CaisseRef, document: Document) -> Iterator[bytes]:
    """Yield the stored bytes, the last of them only once size and digest have proved right.

    A damaged object therefore never arrives whole: ``DocumentDamaged`` ends the stream before.
    Raises ``StoreUnavailable``.
    """
    digest, size, held = hashlib.sha256(), 0, b""
    try:
        for chunk in get_store().open(key_of(caisse, document.id)):
            digest.update(chunk)
            size += len(chunk)
            if held:
                yield held
            held = chunk
    except ObjectMissing as error:
        raise DocumentDamaged from error
    except PortUnavailable as error:
        raise StoreUnavailable from error
    if size != document.size_bytes or digest.hexdigest() != document.sha256:
        raise DocumentDamaged
    yield held
