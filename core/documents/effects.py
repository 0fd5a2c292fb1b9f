"""Effects that follow a commit: a new file is scanned, a discarded one leaves the store."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from core.documents.ports import get_store
from core.documents.storing import key_of
from core.kernel.errors import NotFound
from core.outbox import handlers

if TYPE_CHECKING:
    from core.outbox.handlers import Job

SCAN = "documents.scan"
ERASE = "documents.erase"


def register() -> None:
    """Bind this room's topics."""
    handlers.register(SCAN, _scan)
    handlers.register(ERASE, _erase)


def _scan(job: Job) -> None:
    from core.documents.scanning import scan_document  # noqa: PLC0415 -- needs models, which load later

    with suppress(NotFound):  # discarded in the meantime
        scan_document(caisse=job.caisse, document_id=UUID(job.payload["document_id"]))


def _erase(job: Job) -> None:
    get_store().delete(key_of(job.caisse, UUID(job.payload["document_id"])))
