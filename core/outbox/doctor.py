"""What this room looks at in a caisse: whether effects leave in time, and which were given up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q

from core.kernel import clock
from core.kernel.text import N_
from core.outbox.models import Entry
from tenants import doctor
from tenants.doctor import Check, Finding
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from tenants.reference import CaisseRef

LATE = timedelta(minutes=5)
TOO_LATE = timedelta(minutes=30)
# A failure older than this was seen long ago; it stays in the rows.
RECENT = timedelta(days=7)


def register() -> None:
    """Add the checks of this room."""
    doctor.register(
        Check("outbox", N_("Waiting effects"), _look_at_lag),
        Check("outbox_failures", N_("Effects given up"), _look_at_failures),
    )


def _look_at_lag(caisse: CaisseRef) -> Finding:
    now = clock.now()
    with tenant_transaction(caisse):
        waiting = Entry.objects.filter(done_at__isnull=True, failed_at__isnull=True)
        facts = waiting.aggregate(count=Count("id"), oldest=Min("due_at", filter=Q(due_at__lte=now)))
    late = now - facts["oldest"] if facts["oldest"] else timedelta()
    fields: dict[str, str | int] = {"count": facts["count"], "minutes": int(late.total_seconds() // 60)}
    if late < LATE:
        return Finding("ok", N_("%(count)s waiting, none for long."), fields=fields)
    advice = N_("See whether the workers run and what their log says; nothing is lost meanwhile.")
    level: doctor.Level = "warning" if late < TOO_LATE else "bad"
    return Finding(level, N_("%(count)s waiting, the oldest for %(minutes)s minutes."), advice, fields)


def _look_at_failures(caisse: CaisseRef) -> Finding:
    with tenant_transaction(caisse):
        failed = Entry.objects.filter(failed_at__gt=clock.now() - RECENT)
        topics = dict(failed.values_list("topic").annotate(number=Count("id")).order_by("topic"))
    if not topics:
        return Finding("ok", N_("None in the last 7 days."))
    listed = ", ".join(f"{topic}: {number}" for topic, number in topics.items())
    advice = N_("A message that did not leave is seen in its case's history; tell the person another way.")
    return Finding("warning", N_("In the last 7 days: %(listed)s."), advice, {"listed": listed})
