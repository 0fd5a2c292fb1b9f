"""Adding entries, and working them off under a lease."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from opentelemetry import metrics

from core.kernel import clock
from core.kernel.telemetry import CAISSE, span
from core.outbox import doorbell, handlers, secrets
from core.outbox.models import Entry
from tenants import hosts
from tenants.binding import bind
from tenants.quotas import get_quotas
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tenants.scope import CaisseRef

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 20
_duration = metrics.get_meter("relais").create_histogram(
    "relais.outbox.duration", unit="s", description="Time that an effect took, with its outcome."
)
BACK_OFF_SECONDS = (2, 10, 30, 120, 600, 1800, 3600)

# One claim at a time in a caisse, so that its share is exact; held for the claim alone.
_GATE = "SELECT pg_advisory_xact_lock(hashtext('relais outbox'), hashtext(current_schema()))"
# The entry is chosen by a part that runs once: within the condition of the UPDATE the planner may run it
# for each row, and every run takes another entry, whose lease nobody would hold.
_CLAIM = """
WITH busy AS (
    SELECT topic = ANY(%(heavy)s) AS heavy FROM core_outbox_entry
    WHERE done_at IS NULL AND failed_at IS NULL AND leased_until >= %(now)s
), chosen AS MATERIALIZED (
    SELECT id FROM core_outbox_entry
    WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= %(now)s
      AND (leased_until IS NULL OR leased_until < %(now)s)
      AND (SELECT count(*) FROM busy) < %(share)s
      AND (topic <> ALL(%(heavy)s) OR (SELECT count(*) FROM busy WHERE heavy) < %(heavy_share)s)
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE core_outbox_entry AS entry SET lease = %(lease)s, leased_until = %(until)s, attempts = attempts + 1
FROM chosen WHERE entry.id = chosen.id
RETURNING entry.id
"""
# A caisse's turn: whatever waits there, the next caisse has its own after this.
TURN_EFFECTS = 50
TURN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn brought; ``is_cut`` when it ended by its own limits and more may be due."""

    handed_over: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class _Bell:
    """Rings for a caisse after the commit."""

    caisse_id: str

    def __call__(self) -> None:
        doorbell.ring(self.caisse_id)


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
    _ring_after_commit(current_caisse().id)
    return entry.id


def _ring_after_commit(caisse_id: str) -> None:
    """Ring once, however many entries a transaction adds; a bell within a savepoint may vanish with it."""
    bell, around = _Bell(caisse_id), set(connection.savepoint_ids)
    if not any(entry[1] == bell and around.issuperset(entry[0]) for entry in connection.run_on_commit):
        transaction.on_commit(bell, robust=True)


def take_turn(*, caisse: CaisseRef, limit: int = TURN_EFFECTS, seconds: float = TURN_SECONDS) -> Turn:
    """Work off what is due in one caisse, within the limits of a turn; in a suspended one all waits.

    Repeatable and safe beside other workers: an entry is claimed with a lease, its effect happens
    outside any transaction, then it is marked if the lease still holds.
    """
    handed_over, tried, ends = 0, 0, time.monotonic() + seconds
    with bind(caisse):
        while tried < limit and time.monotonic() < ends:
            entry = _claim(caisse)
            if entry is None:
                return Turn(handed_over)
            tried += 1
            handed_over += _work(caisse, entry)
    return Turn(handed_over, is_cut=True)


def drain(*, caisse: CaisseRef, limit: int = TURN_EFFECTS) -> int:
    """Work off what is due in one caisse, however long it takes; return how many effects were had."""
    return take_turn(caisse=caisse, limit=limit, seconds=math.inf).handed_over


def hand_over(*, caisse: CaisseRef, entry_ids: Iterable[UUID]) -> int:
    """Have these effects at once, in a suspended caisse too: for what is said of the closing itself.

    Returns how many were had; one that fails waits like all others. Outside any scope.
    """
    handed_over = 0
    with bind(caisse):
        for entry_id in entry_ids:
            entry = _claim_one(caisse, entry_id)
            handed_over += entry is not None and _work(caisse, entry)
    return handed_over


def _claim_one(caisse: CaisseRef, entry_id: UUID) -> Entry | None:
    now = clock.now()
    with tenant_transaction(caisse):
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        found = Entry.objects.filter(free, id=entry_id, done_at__isnull=True, failed_at__isnull=True)
        until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        claimed = found.update(lease=uuid4(), leased_until=until, attempts=F("attempts") + 1)
        return Entry.objects.get(id=entry_id) if claimed else None


def _claim(caisse: CaisseRef) -> Entry | None:
    if hosts.get_caisse(caisse.id).state == "suspended":
        return None
    quotas, now = get_quotas(caisse), clock.now()
    values: dict[str, Any] = {
        "now": now,
        "lease": uuid4(),
        "until": now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS),
        "share": quotas.background_share,
        "heavy": handlers.list_heavy_topics(),
        "heavy_share": quotas.uploads_at_once,
    }
    with tenant_transaction(caisse), connection.cursor() as cursor:
        cursor.execute(_GATE)
        cursor.execute(_CLAIM, values)
        claimed = cursor.fetchone()
        return Entry.objects.get(id=claimed[0]) if claimed else None


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
