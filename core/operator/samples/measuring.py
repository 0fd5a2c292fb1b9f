"""Measuring one caisse under its own role: counts and codes, in a fixed number of queries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncHour

from core.accounts.models import Session
from core.documents import storage
from core.kernel import clock
from core.messaging.models import Message
from core.notices import budget, services
from core.outbox.models import TEXTS, Entry
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from tenants.reference import CaisseRef

HOUR = timedelta(hours=1)
# Effects that were given up longer ago were seen, as the doctor has it.
RECENT = timedelta(days=7)
_FLOWS = {services.MAIL: "mails", services.SMS: "sms", services.LETTER: "letters"}
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,59}\Z")
Flows = dict[str, int]


@dataclass(slots=True)
class Measured:
    """What was found: ``hours`` maps the start of an hour to its flows, ``gauges`` is of this moment."""

    hours: dict[datetime, Flows] = field(default_factory=dict)
    gauges: dict[str, int | None] = field(default_factory=dict)
    last_error: str = ""
    sms_hour: int = 0
    sms_day: int = 0


def measure_caisse(caisse: CaisseRef, *, since: datetime) -> Measured:
    """Measure a caisse whose tables are of this version; ``since`` is the start of an hour. Opens its own scope."""
    found, now = Measured(), clock.now()
    with tenant_transaction(caisse):
        _add_flows(found, since)
        found.gauges = _measure_outbox(now) | _measure_storage() | {"active_users": _count_active(now)}
        found.last_error = _find_last_error(now)
        found.sms_hour, found.sms_day = budget.get_spent()
    return found


def _add_flows(found: Measured, since: datetime) -> None:
    begun = Message.objects.filter(created_at__gte=since).annotate(hour=TruncHour("created_at", tzinfo=UTC))
    for hour, number in begun.values_list("hour").annotate(n=Count("id")):
        found.hours.setdefault(hour, {})["messages"] = number
    sent = Entry.objects.filter(topic__startswith=TEXTS, done_at__isnull=False, done_at__gte=since)
    by_hour = sent.annotate(hour=TruncHour("done_at", tzinfo=UTC)).values_list("hour", "topic")
    for hour, topic, number in by_hour.annotate(n=Count("id")):
        if name := _FLOWS.get(topic):
            found.hours.setdefault(hour, {})[name] = number


def _measure_outbox(now: datetime) -> dict[str, int | None]:
    waiting = Entry.objects.filter(done_at__isnull=True, failed_at__isnull=True)
    facts: dict[str, Any] = waiting.aggregate(n=Count("id"), oldest=Min("due_at", filter=Q(due_at__lte=now)))
    oldest = int((now - facts["oldest"]).total_seconds()) if facts["oldest"] else 0
    given_up = Entry.objects.filter(failed_at__gt=now - RECENT).count()
    return {"outbox_waiting": facts["n"], "outbox_oldest_seconds": oldest, "outbox_given_up": given_up}


def _measure_storage() -> dict[str, int | None]:
    stored = storage.get_stored()
    return {"documents": stored.documents, "document_bytes": stored.size_bytes}


def _count_active(now: datetime) -> int:
    seen = Session.objects.filter(last_seen_at__gte=now - HOUR, user__isnull=False)
    return seen.values("user_id").distinct().count()


def _find_last_error(now: datetime) -> str:
    """Return topic and code of the last failure; what a neighbour said in words stays in the caisse."""
    failed = Entry.objects.filter(failed_at__gt=now - RECENT).order_by("-failed_at")
    stuck = Entry.objects.filter(done_at__isnull=True, failed_at__isnull=True, attempts__gt=0).exclude(last_error="")
    found = failed.values_list("topic", "last_error").first() or stuck.values_list("topic", "last_error").first()
    if found is None:
        return ""
    topic, error = found
    return f"{topic}: {error if _CODE.match(error) else 'given_up'}"[:120]
