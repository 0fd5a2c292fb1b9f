"""The budget for SMS: countries served, guarded counters per day and per prefix and hour, a breaker against pumping."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from core.configuration import configuration
from core.configuration.sections import LocaleSection, SmsSection
from core.kernel import clock
from core.kernel.identifiers import new_id
from core.notices.errors import SmsBudgetSpent, SmsNumberNotServed
from core.notices.models import SmsUse
from tenants.quotas import get_quotas
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.scope import CaisseRef

# Long enough to tell one operator's range from another's; pumping buys such ranges.
PREFIX_LENGTH = 6
EVERYTHING, HOURLY = "all", "hour"
# Codes that nobody types are what pumping looks like: from so many on, at least this share must have been used.
BREAKER_FROM, BREAKER_SHARE = 30, 0.2
USED = "ok:"

_NO_LIMIT = 2**31 - 1
_SPEND = """
INSERT INTO core_notices_smsuse AS kept (id, bucket, window_start, used) SELECT %s, %s, %s, 1{only_if}
ON CONFLICT (bucket, window_start) DO UPDATE SET used = kept.used + 1 WHERE kept.used < %s
RETURNING used
"""
_SUMS = (
    "SELECT bucket, sum(used) FROM core_notices_smsuse WHERE bucket = ANY(%s) AND window_start >= %s GROUP BY bucket"
)


def spend_sms(number: str) -> None:
    """Count one SMS to ``number`` (E.164) within the caller's scope.

    Raises ``SmsNumberNotServed`` for a country that the caisse does not serve, ``SmsBudgetSpent`` when hardly
    anybody types the codes sent to this prefix, or when the allowance of the day, the hour or the prefix is used
    up, the caisse's own or the platform's, whichever is lower; then nothing has been counted for good, since the
    caller's scope ends by the error.
    """
    caisse = current_caisse()
    section, quotas = configuration.get(caisse, SmsSection), get_quotas(caisse)
    if not any(number.startswith(prefix) for prefix in section.allowed_prefixes):
        raise SmsNumberNotServed
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    if _is_pumped(number[:PREFIX_LENGTH], hour):
        raise SmsBudgetSpent
    _spend(
        (number[:PREFIX_LENGTH], hour, section.hourly_limit_per_prefix),
        (HOURLY, hour, quotas.sms_per_hour),
        (EVERYTHING, _begin_of_day(caisse, now), min(section.daily_limit, quotas.sms_per_day)),
    )


def note_code_used(number: str) -> None:
    """Count that a code sent to ``number`` was typed, within the caller's scope."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND.format(only_if=""), [new_id(), f"{USED}{number[:PREFIX_LENGTH]}", hour, _NO_LIMIT])


def get_spent() -> tuple[int, int]:
    """Return how many SMS were sent in the running hour and on the caisse's running day; one query."""
    now = clock.now()
    hour, day = now.replace(minute=0, second=0, microsecond=0), _begin_of_day(current_caisse(), now)
    windows = Q(bucket=HOURLY, window_start=hour) | Q(bucket=EVERYTHING, window_start=day)
    spent = dict(SmsUse.objects.filter(windows).values_list("bucket", "used"))
    return spent.get(HOURLY, 0), spent.get(EVERYTHING, 0)


def _begin_of_day(caisse: CaisseRef, now: datetime) -> datetime:
    """Return the moment at which the running day began where the caisse is."""
    zone = ZoneInfo(configuration.get(caisse, LocaleSection).time_zone)
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_pumped(prefix: str, hour: datetime) -> bool:
    """Whether of many codes to a prefix, in this hour and the one before, hardly any was used."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [[prefix, f"{USED}{prefix}"], hour - timedelta(hours=1)])
        sums: dict[str, int] = dict(cursor.fetchall())
    sent = sums.get(prefix, 0)
    return sent >= BREAKER_FROM and sums.get(f"{USED}{prefix}", 0) < sent * BREAKER_SHARE


def _spend(*allowances: tuple[str, datetime, int]) -> None:
    """Count one SMS by bucket, window and limit, all in one statement and locked in this order, or raise."""
    if not all(limit for _bucket, _window, limit in allowances):
        raise SmsBudgetSpent
    before = [f" WHERE EXISTS (SELECT FROM step{place - 1})" if place else "" for place in range(len(allowances))]
    steps = ", ".join(f"step{place} AS ({_SPEND.format(only_if=one)})" for place, one in enumerate(before))
    values = [value for bucket, window, limit in allowances for value in (new_id(), bucket, window, limit)]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {steps} SELECT FROM step{len(allowances) - 1}", values)
        if cursor.fetchone() is None:
            raise SmsBudgetSpent
