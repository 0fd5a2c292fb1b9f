"""Deleting the files of a batch of which nothing was made: by their user, or by themselves after a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.audit.services import record
from core.documents.services import discard_document
from core.kernel.actors import Actor
from core.messaging.batches.errors import BatchBusy
from core.messaging.models import Batch, BatchFile
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.outbox.handlers import Job

_BUSY = (Batch.States.MAKING, Batch.States.SENDING)


def clear_old(job: Job) -> None:
    """Clear a batch whose month is over. Repeatable."""
    with tenant_transaction(job.caisse):
        batch = Batch.objects.select_for_update().filter(id=job.payload["batch"]).first()
        if batch is not None:
            _clear(Actor.system("batches"), batch)


def discard_batch(*, actor: Actor, batch: Batch) -> bool:
    """Delete what was not taken over, in the open scope; whether anything of the batch stays. Raises ``batch_busy``."""
    held = Batch.objects.select_for_update().get(id=batch.id)
    if held.state in _BUSY:
        raise BatchBusy
    stays = _clear(actor, held)
    record(actor=actor, action="batch_discarded", object_type="batch", object_id=batch.id)
    return stays


def _clear(actor: Actor, batch: Batch) -> bool:
    """Delete files and rows without a message; a batch of which nothing was made goes as a whole."""
    rest = batch.files.exclude(state=BatchFile.States.MADE)
    held = [one.document_id for one in rest if one.document_id is not None]
    for document_id in {*held, *batch.uploads}:
        discard_document(actor=actor, document_id=document_id)
    rest.delete()
    made = batch.files.count()
    if not made:
        batch.delete()
        return False
    Batch.objects.filter(id=batch.id).update(uploads=[], total=made, state=Batch.States.READY)
    return True
