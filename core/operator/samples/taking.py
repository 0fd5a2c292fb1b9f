"""Taking samples of all caisses: each under its own role, one failing stops no other; repeatable at any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import connection
from django.db.models import Max

from core.kernel import clock
from core.operator.samples.measuring import Measured, measure_caisse
from core.operator.samples.models import DaySample, HourSample, Standing
from core.operator.samples.standing import find_reasons, weigh
from tenants import examining, hosts
from tenants.quotas import get_quotas
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from tenants.hosts import Entry

log = structlog.get_logger(__name__)
HOURS_KEPT, DAYS_KEPT = timedelta(days=14), timedelta(days=3 * 366)
# How far back what happened is counted anew, should no sample have been taken meanwhile.
LOOK_BACK = timedelta(days=13)
_FLOWS = ("messages", "mails", "sms", "letters")
_GAUGES = (
    "outbox_waiting", "outbox_oldest_seconds", "outbox_given_up", "documents", "document_bytes", "active_users",
)  # fmt: skip
_ROLL_UP = """
INSERT INTO core_operator_daysample AS kept
    (caisse_id, day, messages, mails, sms, letters, outbox_waiting, outbox_oldest_seconds, outbox_given_up,
     active_users, documents, document_bytes)
SELECT caisse_id, (hour AT TIME ZONE 'UTC')::date, sum(messages), sum(mails), sum(sms), sum(letters),
       max(outbox_waiting), max(outbox_oldest_seconds), max(outbox_given_up), max(active_users),
       (array_agg(documents ORDER BY hour DESC) FILTER (WHERE documents IS NOT NULL))[1],
       (array_agg(document_bytes ORDER BY hour DESC) FILTER (WHERE document_bytes IS NOT NULL))[1]
FROM core_operator_hoursample WHERE hour >= %(since)s AND caisse_id = ANY(%(caisses)s) GROUP BY 1, 2
ON CONFLICT (caisse_id, day) DO UPDATE SET
    messages = EXCLUDED.messages, mails = EXCLUDED.mails, sms = EXCLUDED.sms, letters = EXCLUDED.letters,
    outbox_waiting = EXCLUDED.outbox_waiting, outbox_oldest_seconds = EXCLUDED.outbox_oldest_seconds,
    outbox_given_up = EXCLUDED.outbox_given_up, active_users = EXCLUDED.active_users,
    documents = EXCLUDED.documents, document_bytes = EXCLUDED.document_bytes
"""
_MONTH = """
UPDATE core_operator_standing s SET messages = m.messages, mails = m.mails, sms = m.sms, letters = m.letters
FROM (
    SELECT s.caisse_id, coalesce(sum(d.messages), 0) AS messages, coalesce(sum(d.mails), 0) AS mails,
           coalesce(sum(d.sms), 0) AS sms, coalesce(sum(d.letters), 0) AS letters
    FROM core_operator_standing s LEFT JOIN core_operator_daysample d ON d.caisse_id = s.caisse_id AND d.day >= %s
    GROUP BY 1
) m WHERE m.caisse_id = s.caisse_id
"""


def take_samples() -> int:
    """Sample every caisse but those in the making; return how many could be measured."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    with platform_transaction():
        last = dict(
            HourSample.objects.filter(hour__gte=hour - LOOK_BACK).values_list("caisse_id").annotate(Max("hour"))
        )
    entries = [one for state in ("active", "suspended") for one in hosts.list_entries(state=state)]
    taken = sum(_sample(entry, last.get(entry.ref.id, hour - LOOK_BACK), hour) for entry in entries)
    # A day is rolled up whole, from its first hour on.
    begins = {entry.ref.id: _midnight(last.get(entry.ref.id, hour - LOOK_BACK)) for entry in entries}
    with platform_transaction(), connection.cursor() as cursor:
        for since in sorted(set(begins.values())):
            caisses = [caisse_id for caisse_id, begin in begins.items() if begin == since]
            cursor.execute(_ROLL_UP, {"since": since, "caisses": caisses})
        cursor.execute(_MONTH, [hour.date().replace(day=1)])
    return taken


def remove_old() -> int:
    """Delete hours older than 14 days and days older than 3 years; return how many rows. Repeatable."""
    now = clock.now()
    with platform_transaction():
        hours, _ = HourSample.objects.filter(hour__lt=now - HOURS_KEPT).delete()
        days, _ = DaySample.objects.filter(day__lt=(now - DAYS_KEPT).date()).delete()
    return hours + days


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0)


def _sample(entry: Entry, since: datetime, hour: datetime) -> bool:
    """Measure and store one caisse; what goes wrong is stored as a code."""
    measured, behind, failure = Measured(), False, ""
    try:
        behind = not examining.is_current(entry.ref)
        if not behind:
            measured = measure_caisse(entry.ref, since=since)
    except Exception as error:  # noqa: BLE001 -- one caisse that cannot be measured must not stop the others
        failure = type(error).__name__
        log.warning("sample_failed", caisse=entry.ref.id, error=failure)
    _store(entry, measured, hour, behind=behind, failure=failure)
    return not failure


def _store(entry: Entry, measured: Measured, hour: datetime, *, behind: bool, failure: str) -> None:
    caisse_id = entry.ref.id
    rows = [
        HourSample(caisse_id=caisse_id, hour=one, **flows)
        for one, flows in sorted(measured.hours.items())
        if one != hour
    ]
    present = HourSample(
        caisse_id=caisse_id,
        hour=hour,
        state=entry.ref.state,
        schema_behind=behind,
        last_error=measured.last_error,
        failure=failure[:60],
        **measured.hours.get(hour, {}),
        **measured.gauges,
    )
    with platform_transaction():
        _write(rows, [*_FLOWS])
        if failure or behind:
            # What an earlier sample of the same hour knew stays.
            _write([present], ["state", "schema_behind", "failure"])
        else:
            _write([present], [*_FLOWS, *_GAUGES, "state", "schema_behind", "last_error", "failure"])
        _stand(entry, measured, behind=behind, failure=failure)


def _write(rows: list[HourSample], fields: list[str]) -> None:
    HourSample.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["caisse_id", "hour"], update_fields=fields
    )


def _stand(entry: Entry, measured: Measured, *, behind: bool, failure: str) -> None:
    sms = (measured.sms_hour, measured.sms_day)
    quotas = get_quotas(entry.ref)
    reasons = find_reasons(gauges=measured.gauges, schema_behind=behind, failure=failure, quotas=quotas, sms=sms)
    values = {
        "sampled_at": clock.now(),
        "attention": weigh(reasons),
        "reasons": reasons,
        "schema_behind": behind,
        "last_error": failure or measured.last_error,
    }
    if not failure and not behind:
        values |= {**measured.gauges, "sms_hour": sms[0], "sms_day": sms[1]}
    Standing.objects.update_or_create(caisse_id=entry.ref.id, defaults=values)
