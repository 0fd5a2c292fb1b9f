"""Asking anew for work on batches whose askings did not travel with their caisse."""

from __future__ import annotations

from datetime import timedelta

from core.messaging.batches import CLEAR, LOOK, MAKE, SEND
from core.messaging.batches.receiving import KEPT_DAYS
from core.messaging.models import Batch
from core.outbox.services import enqueue

_STATES = Batch.States


def go_on() -> None:
    """Ask for what each batch of the open scope's caisse waits for, and for its clearing; repeatable."""
    for batch in Batch.objects.exclude(state=_STATES.FAILED):
        payload = {"batch": str(batch.id)}
        if batch.state == _STATES.LOOKING:
            for document_id in batch.uploads:
                enqueue(topic=LOOK, payload=payload | {"document": str(document_id)})
        elif batch.state in {_STATES.MAKING, _STATES.SENDING}:
            Batch.objects.filter(id=batch.id).update(done=0)
            enqueue(topic=MAKE if batch.state == _STATES.MAKING else SEND, payload=payload | {"after": 0})
        enqueue(topic=CLEAR, payload=payload, not_before=batch.created_at + timedelta(days=KEPT_DAYS))
