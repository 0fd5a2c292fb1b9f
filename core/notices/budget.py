"""The budget for SMS: countries served, and guarded counters per day and per prefix and hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from core.configuration import configuration
from core.configuration.sections import SmsSection
from core.kernel import clock
from core.kernel.identifiers import new_id
from core.notices.errors import SmsBudgetSpent, SmsNumberNotServed
from core.notices.models import SmsUse
from tenants.quotas import get_quotas
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import datetime

# Long enough to tell one operator's range from another's; pumping buys such ranges.
PREFIX_LENGTH = 6
EVERYTHING, HOURLY = "all", "hour"

_SPEND = """
INSERT INTO core_notices_smsuse AS kept (id, bucket, window_start, used) VALUES (%s, %s, %s, 1)
ON CONFLICT (bucket, window_start) DO UPDATE SET used = kept.used + 1 WHERE kept.used < %s
RETURNING used
"""


def spend_sms(number: str) -> None:
    """Count one SMS to ``number`` (E.164) within the caller's scope.

    Raises ``SmsNumberNotServed`` for a country that the caisse does not serve, ``SmsBudgetSpent``
    when the allowance of the day, the hour or the prefix is used up, the caisse's own or the
    platform's, whichever is lower; then nothing has been counted for good,
    since the caller's scope ends by the error.
    """
    caisse = current_caisse()
    section, quotas = configuration.get(caisse, SmsSection), get_quotas(caisse)
    if not any(number.startswith(prefix) for prefix in section.allowed_prefixes):
        raise SmsNumberNotServed
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    _spend(number[:PREFIX_LENGTH], hour, section.hourly_limit_per_prefix)
    _spend(HOURLY, hour, quotas.sms_per_hour)
    _spend(EVERYTHING, hour.replace(hour=0), min(section.daily_limit, quotas.sms_per_day))


def get_spent() -> tuple[int, int]:
    """Return how many SMS were sent in the running hour and on the running day (UTC); one query."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    windows = Q(bucket=HOURLY, window_start=hour) | Q(bucket=EVERYTHING, window_start=hour.replace(hour=0))
    spent = dict(SmsUse.objects.filter(windows).values_list("bucket", "used"))
    return spent.get(HOURLY, 0), spent.get(EVERYTHING, 0)


def _spend(bucket: str, window_start: datetime, limit: int) -> None:
    if not limit:
        raise SmsBudgetSpent
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [new_id(), bucket, window_start, limit])
        if cursor.fetchone() is None:
            raise SmsBudgetSpent
