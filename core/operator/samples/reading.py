"""Reading figures back: hours for the charts, months for usage; within a platform scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from core.kernel import clock
from core.operator.samples.models import DaySample, HourSample, Standing
from core.operator.samples.standing import rate_hour

if TYPE_CHECKING:
    from collections.abc import Iterable

HOURS_DRAWN = 48
PERIODS = {"2d": timedelta(days=2), "14d": timedelta(days=14), "90d": timedelta(days=90), "1y": timedelta(days=365)}
_USAGE = """
SELECT d.caisse_id, coalesce(c.slug, ''), coalesce(c.name, ''), date_trunc('month', d.day)::date AS month,
       sum(d.messages), sum(d.mails), sum(d.sms), sum(d.letters),
       max(d.document_bytes),
       (array_agg(d.document_bytes ORDER BY d.day DESC) FILTER (WHERE d.document_bytes IS NOT NULL))[1],
       max(d.active_users)
FROM core_operator_daysample d LEFT JOIN tenants_caisse c ON c.id = d.caisse_id
WHERE d.day >= %(since)s AND d.day < %(until)s AND (%(caisse)s = '' OR d.caisse_id = %(caisse)s)
GROUP BY 1, 2, 3, 4 ORDER BY month DESC, 3, 1
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one caisse used in one month (UTC). ``slug`` and ``name`` are empty for a caisse that is gone."""

    caisse_id: str
    slug: str
    name: str
    month: date
    messages: int
    mails: int
    sms: int
    letters: int
    most_bytes: int | None
    last_bytes: int | None
    most_active_users: int | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One hour or day of one caisse; ``rating`` is 0, 1, 2, or None when nobody looked."""

    at: datetime
    rating: int | None
    figures: dict[str, int | None]


FIGURES = (
    "messages",
    "mails",
    "sms",
    "letters",
    "outbox_waiting",
    "outbox_oldest_seconds",
    "document_bytes",
    "active_users",
)


def list_ratings(caisse_ids: Iterable[str]) -> dict[str, list[int | None]]:
    """Return how each of the last 48 hours was, oldest first, of several caisses; one query."""
    wanted = list(caisse_ids)
    last = clock.now().replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=HOURS_DRAWN - 1)
    ratings: dict[str, list[int | None]] = {one: [None] * HOURS_DRAWN for one in wanted}
    rows = HourSample.objects.filter(caisse_id__in=wanted, hour__gte=first, hour__lte=last).values_list(
        "caisse_id", "hour", "outbox_oldest_seconds", "outbox_given_up", "schema_behind", "failure"
    )
    for caisse_id, hour, oldest, given_up, behind, failure in rows:
        place = int((hour - first).total_seconds() // 3600)
        ratings[caisse_id][place] = rate_hour(
            oldest_seconds=oldest, given_up=given_up, schema_behind=behind, failure=failure
        )
    return ratings


def list_moments(caisse_id: str, period: str) -> list[Moment]:
    """Return a caisse's hours (up to 14 days) or days, oldest first; one query."""
    span, now = PERIODS[period], clock.now()
    if span <= PERIODS["14d"]:
        hours = HourSample.objects.filter(caisse_id=caisse_id, hour__gt=now - span).order_by("hour")
        return [Moment(one.hour, _rate(one), _figures(one)) for one in hours]
    days = DaySample.objects.filter(caisse_id=caisse_id, day__gt=(now - span).date()).order_by("day")
    return [
        Moment(datetime(one.day.year, one.day.month, one.day.day, tzinfo=UTC), _rate(one), _figures(one))
        for one in days
    ]


def get_standing(caisse_id: str) -> Standing | None:
    """Return how a caisse stands by its latest sample, None before the first."""
    return Standing.objects.filter(pk=caisse_id).first()


def list_usage(*, since: date, until: date, caisse_id: str = "") -> list[Usage]:
    """Return usage per caisse and month, the newest month first; ``until`` is not included. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_USAGE, {"since": since, "until": until, "caisse": caisse_id})
        return [Usage(*_whole(row)) for row in cursor.fetchall()]


def _whole(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Sums of integers come as decimals."""
    return (*row[:4], *(int(one or 0) for one in row[4:8]), *row[8:])


def _rate(one: HourSample | DaySample) -> int | None:
    return rate_hour(
        oldest_seconds=one.outbox_oldest_seconds,
        given_up=one.outbox_given_up,
        schema_behind=getattr(one, "schema_behind", None),
        failure=getattr(one, "failure", ""),
    )


def _figures(one: HourSample | DaySample) -> dict[str, int | None]:
    return {name: getattr(one, name) for name in FIGURES}
