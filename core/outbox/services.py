"""Adding entries, and working them off under a lease."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import connection, transaction
from opentelemetry import metrics

from core.kernel import clock
from core.kernel.telemetry import CAISSE, span
from core.outbox import doorbell, handlers, secrets
from core.outbox.models import Entry
from tenants.binding import bind
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.scope import CaisseRef

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 20
_duration = metrics.get_meter("relais").create_histogram(
    "relais.outbox.duration", unit="s", description="Time that an effect took, with its outcome."
)
BACK_OFF_SECONDS = (2, 10, 30, 120, 600, 1800, 3600)

_CLAIM = """
UPDATE core_outbox_entry SET lease = %s, leased_until = %s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM core_outbox_entry
    WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= %s
      AND (leased_until IS NULL OR leased_until < %s)
    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def enqueue(
    *,
    topic: str,
    payload: dict[str, Any],
    secret: dict[str, Any] | None = None,
    not_before: datetime | None = None,
) -> UUID:
    """Add an effect to the current caisse's outbox; it commits or vanishes with the caller's work.

    After the commit the doorbell rings; should that fail, the sweep finds the entry.
    """
    now = clock.now()
    entry = Entry.objects.create(
        topic=topic,
        payload=payload,
        secret=secrets.seal(secret) if secret else None,
        created_at=now,
        due_at=not_before or now,
    )
    transaction.on_commit(partial(doorbell.ring, current_caisse().id), robust=True)
    return entry.id


def drain(*, caisse: CaisseRef, limit: int = 50) -> int:
    """Work off what is due in one caisse; return how many entries were handed over.

    Repeatable and safe beside other workers: an entry is claimed with a lease, its effect happens
    outside any transaction, then it is marked if the lease still holds.
    """
    handed_over = 0
    with bind(caisse):
        while entries := _claim(caisse, limit=1):
            handed_over += sum(_work(caisse, entry) for entry in entries)
            limit -= 1
            if limit <= 0:
                break
    return handed_over


def _claim(caisse: CaisseRef, *, limit: int) -> list[Entry]:
    now = clock.now()
    lease = uuid4()
    until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    with tenant_transaction(caisse):
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [lease, until, now, now, limit])
            ids = [row[0] for row in cursor.fetchall()]
        return list(Entry.objects.filter(id__in=ids).order_by("due_at")) if ids else []


def _work(caisse: CaisseRef, entry: Entry) -> bool:
    job = handlers.Job(
        id=entry.id,
        caisse=caisse,
        topic=entry.topic,
        payload=entry.payload,
        secret=secrets.unseal(bytes(entry.secret)) if entry.secret else None,
        attempt=entry.attempts,
    )
    begun, outcome = time.perf_counter(), "done"
    try:
        with span(f"outbox {entry.topic}", attempt=entry.attempts):
            handlers.get_handler(entry.topic)(job)
    except handlers.PermanentFailure as failure:
        outcome = "given_up"
        _mark_failed(caisse, entry, str(failure))
    except Exception as error:  # noqa: BLE001 -- whatever a neighbour throws, the entry must be tried again
        outcome = "failed"
        log.warning("outbox_attempt_failed", topic=entry.topic, attempt=entry.attempts, error=type(error).__name__)
        _mark_failed_attempt(caisse, entry, type(error).__name__)
    else:
        return _mark_done(caisse, entry)
    finally:
        facts = {"topic": entry.topic, "outcome": outcome, CAISSE: caisse.id}
        _duration.record(time.perf_counter() - begun, facts)
    return False


def _mark_done(caisse: CaisseRef, entry: Entry) -> bool:
    with tenant_transaction(caisse):
        held = Entry.objects.filter(id=entry.id, lease=entry.lease, done_at__isnull=True)
        return held.update(done_at=clock.now(), secret=None, leased_until=None, last_error="") == 1


def _mark_failed(caisse: CaisseRef, entry: Entry, reason: str) -> None:
    log.error("outbox_entry_given_up", topic=entry.topic, entry=str(entry.id))
    with tenant_transaction(caisse):
        held = Entry.objects.filter(id=entry.id, lease=entry.lease, done_at__isnull=True)
        held.update(failed_at=clock.now(), secret=None, leased_until=None, last_error=reason[:200])


def _mark_failed_attempt(caisse: CaisseRef, entry: Entry, reason: str) -> None:
    if entry.attempts >= MAX_ATTEMPTS:
        _mark_failed(caisse, entry, reason)
        return
    wait = BACK_OFF_SECONDS[min(entry.attempts, len(BACK_OFF_SECONDS)) - 1]
    with tenant_transaction(caisse):
        held = Entry.objects.filter(id=entry.id, lease=entry.lease, done_at__isnull=True)
        held.update(due_at=clock.now() + timedelta(seconds=wait), leased_until=None, last_error=reason[:200])
