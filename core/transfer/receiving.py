"""Taking in an uploaded export: opened with the caisse's key while it comes, sealed anew with a key made for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings

from core.kernel import clock
from core.outbox import secrets
from core.transfer import files, sealing
from core.transfer.models import TransferFile
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.kernel.actors import Actor


def receive_export(*, actor: Actor, chunks: Iterable[bytes], private_key: str, slug: str) -> TransferFile:
    """Let an export wait for its import; outside any scope. The caisse's private key is gone when this returns.

    Raises ``PrivateKeyInvalid``, ``WrongKey``, ``NoExport``, ``ExportDamaged`` or ``StoreUnavailable``;
    then nothing is kept.
    """
    key, public_key = sealing.new_private_key()
    file_id = uuid4()
    try:
        stored = files.store_pieces(
            file_id, sealing.encrypt(sealing.decrypt(chunks, sealing.read_private_key(private_key)), public_key)
        )
    except Exception:
        files.erase_pieces(file_id)
        raise
    now = clock.now()
    file = TransferFile(
        id=file_id,
        kind=TransferFile.Kinds.IMPORT,
        slug=slug,
        sealed_key=secrets.seal({"key": key}),
        size_bytes=stored.size_bytes,
        sha256=stored.digest.hexdigest(),
        made_by=actor.name,
        made_by_id=actor.user_id,
        made_at=now,
        kept_until=now + timedelta(days=settings.EXPORT_KEPT_DAYS),
    )
    with platform_transaction():
        file.save(force_insert=True)
    return file
