"""Taking in files for many clients: stored as they came, then a worker is asked to look at them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.accounts.seats import list_seats
from core.audit.services import record
from core.catalogue import offers
from core.configuration import configuration
from core.configuration.sections import IntakeSection
from core.documents.services import Placement, discard_document, store_upload
from core.kernel import clock
from core.kernel.errors import NotFound, RelaisError
from core.messaging.assurance import check_acting
from core.messaging.batches import CLEAR, LOOK, UPLOAD
from core.messaging.batches.errors import BatchFilesMissing, BatchTooManyFiles, BatchTypeUnknown
from core.messaging.batches.judging import may_begin
from core.messaging.files import MEBIBYTE
from core.messaging.models import Batch
from core.outbox.services import enqueue
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from core.catalogue.types import MessageType
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

MOST_UPLOADS = 90
KEPT_DAYS = 30


def list_batch_types(user_id: UUID) -> list[MessageType]:
    """Return the types whose contents come in files and that she may begin for somebody today; one query."""
    seats = list_seats(user_id)
    offered = offers.list_startable_types(current_caisse(), "party")
    return [one for one in offered if one.plan and any(may_begin(seat, one) for seat in seats)]


def start_batch(
    *, caisse: CaisseRef, actor: Actor, type_key: str, uploads: Sequence[UploadedFile[bytes]], language: str
) -> Batch:
    """Store the files and have them looked at; opens its own scopes.

    Raises ``batch_type_unknown``, ``batch_files_missing``, ``batch_too_many_files``, ``assurance_too_low``, and what
    storing a file may. If one of them cannot be stored, none is kept.
    """
    message_type = _check_type(caisse, actor, type_key)
    if not uploads:
        raise BatchFilesMissing
    if len(uploads) > MOST_UPLOADS:
        raise BatchTooManyFiles(limit=MOST_UPLOADS)
    stored: list[UUID] = []
    try:
        stored.extend(_store(caisse, actor, one) for one in uploads)
    except RelaisError:
        with tenant_transaction(caisse):
            for document_id in stored:
                discard_document(actor=actor, document_id=document_id)
        raise
    with tenant_transaction(caisse):
        return _open(actor, message_type, stored, language)


def _check_type(caisse: CaisseRef, actor: Actor, type_key: str) -> MessageType:
    with tenant_transaction(caisse):
        found = next((one for one in list_batch_types(_user_of(actor)) if one.key == type_key), None)
        if found is None:
            raise BatchTypeUnknown
        check_acting(actor, found)
    return found


def _user_of(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotFound
    return actor.user_id


def _store(caisse: CaisseRef, actor: Actor, upload: UploadedFile[bytes]) -> UUID:
    limit = configuration.get(caisse, IntakeSection).upload_megabytes * MEBIBYTE
    document = store_upload(
        caisse=caisse,
        actor=actor,
        chunks=upload.chunks(),
        filename=upload.name or "file",
        placement=Placement(kind=UPLOAD),
        limit_bytes=limit,
    )
    return document.id


def _open(actor: Actor, message_type: MessageType, stored: list[UUID], language: str) -> Batch:
    now = clock.now()
    batch = Batch.objects.create(
        user_id=_user_of(actor),
        user_name=actor.name[:200],
        type_key=message_type.key,
        uploads=stored,
        level=actor.assurance_level,
        language=language[:5],
        created_at=now,
        changed_at=now,
    )
    record(
        actor=actor,
        action="batch_started",
        object_type="batch",
        object_id=batch.id,
        data={"type": message_type.key, "files": len(stored)},
    )
    for document_id in stored:
        enqueue(topic=LOOK, payload={"batch": str(batch.id), "document": str(document_id)})
    enqueue(topic=CLEAR, payload={"batch": str(batch.id)}, not_before=now + timedelta(days=KEPT_DAYS))
    return batch
