"""Looking into a file while no transaction is open, and letting it out of quarantine or not."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from core.audit.services import record
from core.documents.errors import DocumentDamaged, ScannerUnavailable
from core.documents.models import Document, State
from core.documents.ports import PortUnavailable, Verdict, get_scanner
from core.documents.storing import stream_verified
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotFound
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.scope import CaisseRef

_IN_MEMORY_BYTES = 4 * 2**20
_SCANNER = Actor.system("scanner")


def scan_document(*, caisse: CaisseRef, document_id: UUID) -> Document:
    """Judge a quarantined document and return it with its new state; outside any transaction.

    Repeatable and safe beside another worker: only the first verdict counts, and a document that
    has one is returned as it is. Raises ``NotFound``, ``ScannerUnavailable``, ``StoreUnavailable``.
    """
    with tenant_transaction(caisse):
        document = Document.objects.filter(id=document_id).first()
    if document is None:
        raise NotFound
    if document.state != State.QUARANTINED:
        return document
    return _decide(caisse, document, _judge(caisse, document))


def _judge(caisse: CaisseRef, document: Document) -> Verdict:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
        try:
            for chunk in stream_verified(caisse, document):
                file.write(chunk)
            file.seek(0)
            return get_scanner().scan(file, filename=document.filename, media_type=document.media_type)
        except DocumentDamaged:
            return Verdict("damaged", "digest")
        except PortUnavailable as error:
            raise ScannerUnavailable from error


def _decide(caisse: CaisseRef, document: Document, verdict: Verdict) -> Document:
    with tenant_transaction(caisse):
        waiting = Document.objects.filter(id=document.id, state=State.QUARANTINED)
        decided = waiting.update(
            state=State.CLEAN if verdict.is_clean else State.REFUSED,
            refusal_code=verdict.refusal_code,
            refusal_detail=verdict.detail[:120],
            scanned_at=clock.now(),
        )
        if decided:
            record(
                actor=_SCANNER,
                action="document_cleared" if verdict.is_clean else "document_refused",
                object_type="document",
                object_id=document.id,
                data={"code": verdict.refusal_code},
                for_party_id=document.party_id,
            )
        return Document.objects.get(id=document.id)
