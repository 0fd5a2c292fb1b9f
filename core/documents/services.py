"""What can be done with documents: record what was stored, publish, discard, open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.audit.services import record
from core.documents import effects, storage, storing
from core.documents.errors import DocumentNotClean, FileTooLarge, StorageFull
from core.documents.models import Document, State
from core.kernel import clock
from core.kernel.errors import Conflict
from core.outbox.services import enqueue
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from core.documents.storing import StoredFile
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a document belongs and what it is called; an empty title takes the file's name."""

    kind: str
    title: str = ""
    party_id: UUID | None = None
    message_id: UUID | None = None
    theme: str = ""


def store_upload(
    *,
    caisse: CaisseRef,
    actor: Actor,
    chunks: Iterable[bytes],
    filename: str,
    placement: Placement,
    limit_bytes: int = storing.DEFAULT_LIMIT,
) -> Document:
    """Store a file that somebody brought, in quarantine; opens its own short scope.

    ``chunks`` may be Django's ``UploadedFile.chunks()``. The outbox has it scanned; call
    ``scanning.scan_document`` to have the verdict at once. Raises ``FilenameUnusable``,
    ``FileTooLarge``, ``FileEmpty``, ``StorageFull``, ``StoreUnavailable``.
    """
    with tenant_transaction(caisse):
        room = storage.check_room()
    try:
        least = min(limit_bytes, room)
        stored = storing.store_file(caisse=caisse, chunks=chunks, filename=filename, limit_bytes=least)
    except FileTooLarge as error:
        if room < limit_bytes:
            raise StorageFull from error
        raise
    with tenant_transaction(caisse):
        return record_upload(actor=actor, stored=stored, placement=placement)


def record_upload(*, actor: Actor, stored: StoredFile, placement: Placement) -> Document:
    """Add the row of a stored file, quarantined, within the caller's scope."""
    document = _record(actor, stored, placement, State.QUARANTINED)
    enqueue(topic=effects.SCAN, payload={"document_id": str(document.id)})
    return document


def store_generated(
    *,
    caisse: CaisseRef,
    actor: Actor,
    content: bytes,
    filename: str,
    placement: Placement,
    publish: bool = False,
) -> Document:
    """Store a file that we made ourselves, clean at once; opens its own short scope."""
    stored = storing.store_file(
        caisse=caisse, chunks=[content], filename=filename, limit_bytes=max(len(content), storing.DEFAULT_LIMIT)
    )
    with tenant_transaction(caisse):
        return record_generated(actor=actor, stored=stored, placement=placement, publish=publish)


def record_generated(*, actor: Actor, stored: StoredFile, placement: Placement, publish: bool = False) -> Document:
    """Add the row of a stored file that we made, within the caller's scope, so that both commit together."""
    document = _record(actor, stored, placement, State.CLEAN)
    return publish_document(actor=actor, document_id=document.id) if publish else document


def publish_document(*, actor: Actor, document_id: UUID) -> Document:
    """Put a clean document into its party's dossier; repeatable, the first time counts.

    Raises ``DocumentNotClean``.
    """
    clean = Document.objects.filter(id=document_id, state=State.CLEAN)
    if clean.filter(published_at__isnull=True).update(published_at=clock.now()):
        document = clean.get()
        _audit(actor, "document_published", document)
        return document
    published = clean.first()
    if published is None:
        raise DocumentNotClean
    return published


def discard_document(*, actor: Actor, document_id: UUID) -> None:
    """Delete a document that was not published; its object leaves the store after the commit.

    Repeatable. Raises ``Conflict`` for a published one.
    """
    document = Document.objects.filter(id=document_id).first()
    if document is None:
        return
    if not Document.objects.filter(id=document_id, published_at__isnull=True).delete()[0]:
        raise Conflict
    storage.count_out(document.size_bytes)
    _audit(actor, "document_discarded", document)
    enqueue(topic=effects.ERASE, payload={"document_id": str(document_id)})


def place_document(*, actor: Actor, document_id: UUID, placement: Placement) -> Document:
    """Give a document that belongs to nobody yet its place, once; raises ``Conflict`` for one that has one."""
    free = Document.objects.filter(id=document_id, message_id=None, party_id=None, published_at=None)
    place = {"kind": placement.kind, "party_id": placement.party_id, "message_id": placement.message_id}
    if not free.update(**place, theme=placement.theme):
        raise Conflict
    document = Document.objects.get(id=document_id)
    _audit(actor, "document_placed", document)
    return document


def open_document(*, caisse: CaisseRef, document: Document) -> Iterator[bytes]:
    """Return the contents in chunks, verified before the last one is given; outside any scope.

    Raises ``DocumentNotClean`` at once, and while streaming ``DocumentDamaged`` or
    ``StoreUnavailable``.
    """
    if not document.is_clean:
        raise DocumentNotClean
    return storing.stream_verified(caisse, document)


def read_document(*, caisse: CaisseRef, document: Document) -> bytes:
    """Return the whole contents, verified; for files that are known to be small."""
    return b"".join(open_document(caisse=caisse, document=document))


def _record(actor: Actor, stored: StoredFile, placement: Placement, state: State) -> Document:
    document = Document.objects.create(
        id=stored.document_id,
        party_id=placement.party_id,
        message_id=placement.message_id,
        theme=placement.theme,
        kind=placement.kind,
        title=(placement.title or stored.filename)[:200],
        filename=stored.filename,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        state=state,
        uploaded_by=actor.user_id,
        uploaded_by_name=actor.signature(placement.theme)[:200],
        created_at=clock.now(),
    )
    storage.count_in(document.size_bytes)
    _audit(actor, "document_stored", document)
    return document


def _audit(actor: Actor, action: str, document: Document) -> None:
    record(
        actor=actor,
        action=action,
        object_type="document",
        object_id=document.id,
        data={"kind": document.kind, "size_bytes": document.size_bytes, "sha256": document.sha256},
        for_party_id=document.party_id,
    )
