"""The limiter of tries: one guarded upsert in PostgreSQL, exact under any number of callers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from core.accounts.models import RateLimit
from core.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so many seconds, counted from the first."""

    name: str
    allowed: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether this try may go on; ``first_refusal`` is true once in a window, for the record."""

    allowed: bool
    first_refusal: bool
    wait_seconds: int

    @property
    def wait_minutes(self) -> int:
        """Whole minutes to tell a person, at least one."""
        return max(1, -(-self.wait_seconds // 60))


# A refusal counts once beyond the limit, so that the first one can be told from the rest; after
# that the row is no longer written, and a flood costs one index read for each try.
_TAKE = """
INSERT INTO {table} AS kept (bucket, used, resets_at)
SELECT %s, 1, %s{only_if}
ON CONFLICT (bucket) DO UPDATE SET
    used = CASE WHEN kept.resets_at <= %s THEN 1 ELSE kept.used + 1 END,
    resets_at = CASE WHEN kept.resets_at <= %s THEN EXCLUDED.resets_at ELSE kept.resets_at END
WHERE kept.resets_at <= %s OR kept.used <= %s
RETURNING used, resets_at
"""
# Several counters at once are one statement, each step of which waits for the one before it: so they are also locked
# in that order, and two callers cannot wait for each other.
_ONLY_IF = " WHERE EXISTS (SELECT FROM step{before} WHERE used <= %s)"
_FOUND = "SELECT {place}, used, resets_at FROM step{place}"
_GIVE_BACK = """
WITH held AS (
    SELECT bucket FROM {table} WHERE bucket = ANY(%s) ORDER BY array_position(%s::varchar[], bucket) FOR UPDATE
)
UPDATE {table} AS kept SET used = kept.used - 1
FROM held, unnest(%s::varchar[], %s::int[]) AS own (bucket, allowed)
WHERE kept.bucket = held.bucket AND own.bucket = held.bucket AND kept.used BETWEEN 1 AND own.allowed
"""


class Counters:
    """The counters of one table with the columns of ``RateLimit``; the caller's scope decides in which schema."""

    def __init__(self, model: type[Model]) -> None:
        self._rows = model._default_manager
        self._table = connection.ops.quote_name(model._meta.db_table)

    def take(self, limit: Limit, subject: str) -> Verdict:
        """Count one try. The caller's scope must commit whatever comes of it."""
        return self.take_in_turn([(limit, subject)])

    def take_all(self, limits: Sequence[Limit], subject: str) -> Verdict:
        """Count one try by several limits, the strictest first; the first one that refuses decides."""
        return self.take_in_turn([(limit, subject) for limit in limits])

    def take_in_turn(self, wanted: Sequence[tuple[Limit, str]]) -> Verdict:
        """Count one try of each subject by its limit, in one statement; after the first refusal nothing is used up."""
        now = clock.now()
        buckets = [bucket_of(limit, subject) for limit, subject in wanted]
        with connection.cursor() as cursor:
            cursor.execute(*self._take(wanted, buckets, now))
            found = {place: (used, resets_at) for place, used, resets_at in cursor.fetchall()}
        for place, (limit, _subject) in enumerate(wanted):
            if place not in found:
                return Verdict(allowed=False, first_refusal=False, wait_seconds=self._wait(buckets[place], now))
            used, resets_at = found[place]
            allowed, seconds = used <= limit.allowed, int((resets_at - now).total_seconds())
            last = Verdict(allowed=allowed, first_refusal=not allowed, wait_seconds=seconds)
            if not allowed:
                break
        return last

    def give_back(self, limit: Limit, subject: str) -> None:
        """Return one own try that succeeded; what others failed stays counted."""
        self.give_back_all([(limit, subject)])

    def give_back_all(self, taken: Sequence[tuple[Limit, str]]) -> None:
        """Return one own try of each, in one statement; locked in the order in which they are given."""
        buckets = [bucket_of(limit, subject) for limit, subject in taken]
        with connection.cursor() as cursor:
            values: list[Any] = [buckets, buckets, buckets, [limit.allowed for limit, _subject in taken]]
            cursor.execute(_GIVE_BACK.format(table=self._table), values)

    def remove_expired(self) -> int:
        """Delete counters whose window has passed; return how many."""
        deleted, _ = self._rows.filter(resets_at__lt=clock.now()).delete()
        return deleted

    def _take(
        self, wanted: Sequence[tuple[Limit, str]], buckets: Sequence[str], now: datetime
    ) -> tuple[str, list[Any]]:
        steps, found, values = [], [], []
        for place, (limit, _subject) in enumerate(wanted):
            only_if = _ONLY_IF.format(before=place - 1) if place else ""
            steps.append(f"step{place} AS ({_TAKE.format(table=self._table, only_if=only_if)})")
            found.append(_FOUND.format(place=place))
            values += [buckets[place], now + timedelta(seconds=limit.seconds)]
            values += [wanted[place - 1][0].allowed] if place else []
            values += [now, now, now, limit.allowed]
        return f"WITH {', '.join(steps)} {' UNION ALL '.join(found)}", values

    def _wait(self, bucket: str, now: datetime) -> int:
        resets_at = self._rows.values_list("resets_at", flat=True).filter(bucket=bucket).first()
        return max(0, int((resets_at - now).total_seconds())) if resets_at else 0


_of_caisse = Counters(RateLimit)
take = _of_caisse.take
take_all = _of_caisse.take_all
take_in_turn = _of_caisse.take_in_turn
give_back = _of_caisse.give_back
give_back_all = _of_caisse.give_back_all
remove_expired = _of_caisse.remove_expired


def bucket_of(limit: Limit, subject: str) -> str:
    """Return the counter's key: keyed and hashed, since names and addresses are personal data."""
    digest = hashlib.blake2b(subject.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=20)
    return f"{limit.name}:{digest.hexdigest()}"
