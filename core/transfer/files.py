"""Files that wait in the document store: in numbered pieces, so that no size is too large for a store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models.functions import Least

from core.documents.errors import StoreUnavailable
from core.documents.ports import ObjectMissing, PortUnavailable, get_store
from core.kernel import clock
from core.transfer.errors import ExportUnknown
from core.transfer.kinds import IMPORT
from core.transfer.models import TransferFile
from tenants.jobs.models import PlatformJob
from tenants.jobs.selectors import UNENDED
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

# "exports" has seven characters, so it is no caisse's id and no key of a document begins with it.
FOLDER = "exports"
PIECE_BYTES = 512 * 2**20


@dataclass(slots=True)
class Stored:
    """What was stored."""

    size_bytes: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)


def store_pieces(file_id: UUID, chunks: Iterator[bytes], *, piece_bytes: int = 0) -> Stored:
    """Put a file into the store; what an earlier run left is replaced. Outside any scope."""
    erase_pieces(file_id)
    stored, number = Stored(), 0
    held = next(chunks, None)
    while held is not None:
        number += 1
        held = _store_one(f"{FOLDER}/{file_id}/{number:06}", held, chunks, stored, piece_bytes or PIECE_BYTES)
    return stored


def _store_one(key: str, first: bytes, chunks: Iterator[bytes], stored: Stored, limit: int) -> bytes | None:
    """Store one piece and return the chunk that begins the next, or None at the end."""
    rest: list[bytes] = []

    def limited() -> Iterator[bytes]:
        size, chunk = 0, first
        while True:
            stored.digest.update(chunk)
            size += len(chunk)
            stored.size_bytes += len(chunk)
            yield chunk
            following = next(chunks, None)
            if following is None:
                return
            if size >= limit:
                rest.append(following)
                return
            chunk = following

    try:
        get_store().put(key, limited())
    except PortUnavailable as error:
        raise StoreUnavailable from error
    return rest[0] if rest else None


def read_pieces(file_id: UUID) -> Iterator[bytes]:
    """Yield a file's bytes; raises ``ExportUnknown`` or ``StoreUnavailable``."""
    try:
        keys = [found.key for found in get_store().list_objects(f"{FOLDER}/{file_id}/")]
        if not keys:
            raise ExportUnknown
        for key in keys:
            yield from get_store().open(key)
    except ObjectMissing as error:
        raise ExportUnknown from error
    except PortUnavailable as error:
        raise StoreUnavailable from error


def erase_pieces(file_id: UUID) -> None:
    """Delete a file from the store; repeatable."""
    try:
        for found in list(get_store().list_objects(f"{FOLDER}/{file_id}/")):
            get_store().delete(found.key)
    except PortUnavailable as error:
        raise StoreUnavailable from error


def erase_file(file_id: UUID) -> None:
    """Forget the key that opens a file, then delete the file; its row stays as a trace. Repeatable.

    Where the store is away, which raises ``StoreUnavailable``, the key is forgotten all the same.
    """
    with platform_transaction():
        kept = TransferFile.objects.filter(id=file_id, erased_at__isnull=True)
        kept.update(sealed_key=None, kept_until=Least("kept_until", clock.now()))
    erase_pieces(file_id)
    with platform_transaction():
        kept.update(erased_at=clock.now())


def erase_outdated() -> int:
    """Delete the files whose time is over, and uploads whose import has ended; return how many. Repeatable."""
    with platform_transaction():
        kept = TransferFile.objects.filter(erased_at__isnull=True)
        ids = {*kept.filter(kept_until__lte=clock.now()).values_list("id", flat=True), *_list_left_behind()}
    for file_id in ids:
        erase_file(file_id)
    return len(ids)


def _list_left_behind() -> set[UUID]:
    """Return the uploads that still have their key though no import needs it: its end was cut short."""
    keyed = set(TransferFile.objects.filter(sealed_key__isnull=False).values_list("id", flat=True))
    # Read after the files: a job comes into being together with the key.
    unended = PlatformJob.objects.filter(kind=IMPORT, state__in=UNENDED).values_list("order__file", flat=True)
    return keyed - {UUID(one) for one in unended}
