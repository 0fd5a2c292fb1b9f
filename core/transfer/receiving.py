"""Taking in an uploaded export: stored as it comes, still sealed; the worker opens it, with the key kept till then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from core.kernel import clock
from core.outbox import secrets
from core.transfer import files
from core.transfer.errors import ExportUnknown
from core.transfer.models import TransferFile
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from core.kernel.actors import Actor

# An upload for which nobody asked an import stays for a day: time enough to correct the rest of the form.
UNASKED_KEPT = timedelta(days=1)
# Small enough that hardly anything is left to send when the last byte has come.
PIECE_BYTES = 32 * 2**20


def begin_upload(*, actor: Actor) -> TransferFile:
    """Note that an export is about to come in, so that nothing of it is forgotten; outside any scope."""
    now = clock.now()
    file = TransferFile(
        kind=TransferFile.Kinds.IMPORT,
        made_by=actor.name,
        made_by_id=actor.user_id,
        made_at=now,
        kept_until=now + UNASKED_KEPT,
    )
    with platform_transaction():
        file.save(force_insert=True)
    return file


def store_upload(file_id: UUID, chunks: Iterator[bytes]) -> files.Stored:
    """Store what comes; touches no database. Raises ``StoreUnavailable``."""
    return files.store_pieces(file_id, chunks, piece_bytes=PIECE_BYTES)


def end_upload(*, file_id: UUID, stored: files.Stored) -> None:
    """Note what has come in."""
    with platform_transaction():
        TransferFile.objects.filter(id=file_id).update(size_bytes=stored.size_bytes, sha256=stored.digest.hexdigest())


def drop_upload(*, file_id: UUID) -> None:
    """Forget an upload of which nothing is to become; outside any scope, repeatable."""
    files.erase_pieces(file_id)
    with platform_transaction():
        TransferFile.objects.filter(id=file_id, sealed_key__isnull=True).delete()


def access_upload(viewer: Actor, file_id: UUID) -> TransferFile:
    """Return an upload of this operator that waits for the rest of the form. Else ``ExportUnknown``. Platform scope."""
    waiting = TransferFile.objects.filter(kind=TransferFile.Kinds.IMPORT, erased_at__isnull=True, size_bytes__gt=0)
    mine = waiting.filter(id=file_id, made_by_id=viewer.user_id, sealed_key__isnull=True, kept_until__gt=clock.now())
    found = mine.first() if viewer.kind == "operator" else None
    if found is None:
        raise ExportUnknown
    return found


def hand_over(*, file_id: UUID, private_key: str, slug: str) -> None:
    """Give an upload to the worker with the key that opens it, sealed; both go when the import has ended.

    Raises ``ExportUnknown`` where it was given over already. Platform scope.
    """
    waiting = TransferFile.objects.filter(id=file_id, sealed_key__isnull=True, erased_at__isnull=True)
    kept_until = clock.now() + timedelta(days=settings.EXPORT_KEPT_DAYS)
    if not waiting.update(slug=slug, sealed_key=secrets.seal({"key": private_key}), kept_until=kept_until):
        raise ExportUnknown
