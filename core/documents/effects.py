"""Effects that follow a commit: a new file is scanned, a discarded one leaves the store."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from core.documents.ports import get_store
from core.documents.storing import key_of
from core.kernel.errors import NotFound
from core.notices import enclosures
from core.notices.ports import Enclosure
from core.outbox import handlers
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.outbox.handlers import Job
    from tenants.reference import CaisseRef

SCAN = "documents.scan"
ERASE = "documents.erase"


def register() -> None:
    """Bind this room's topics."""
    handlers.register(SCAN, _scan)
    handlers.register(ERASE, _erase)
    enclosures.install(_enclose)


def _scan(job: Job) -> None:
    from core.documents.scanning import scan_document  # noqa: PLC0415 -- needs models, which load later

    with suppress(NotFound):  # discarded in the meantime
        scan_document(caisse=job.caisse, document_id=UUID(job.payload["document_id"]))


def _enclose(caisse: CaisseRef, document_id: UUID) -> Enclosure:
    from core.documents import selectors, services  # noqa: PLC0415 -- needs models, which load later

    with tenant_transaction(caisse):
        document = selectors.find_document(document_id)
    if document is None:
        message = "the document to be enclosed is gone"
        raise handlers.PermanentFailure(message)
    content = services.read_document(caisse=caisse, document=document)
    return Enclosure(document.filename, document.media_type, content)


def _erase(job: Job) -> None:
    get_store().delete(key_of(job.caisse, UUID(job.payload["document_id"])))
