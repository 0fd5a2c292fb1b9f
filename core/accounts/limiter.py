"""The limiter of tries: one guarded upsert in PostgreSQL, exact under any number of callers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

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
VALUES (%(bucket)s, 1, %(reset)s)
ON CONFLICT (bucket) DO UPDATE SET
    used = CASE WHEN kept.resets_at <= %(now)s THEN 1 ELSE kept.used + 1 END,
    resets_at = CASE WHEN kept.resets_at <= %(now)s THEN EXCLUDED.resets_at ELSE kept.resets_at END
WHERE kept.resets_at <= %(now)s OR kept.used <= %(allowed)s
RETURNING used, resets_at
"""
_GIVE_BACK = "UPDATE {table} SET used = used - 1 WHERE bucket = %s AND used BETWEEN 1 AND %s"


class Counters:
    """The counters of one table with the columns of ``RateLimit``; the caller's scope decides in which schema."""

    def __init__(self, model: type[Model]) -> None:
        self._rows = model._default_manager
        table = connection.ops.quote_name(model._meta.db_table)
        self._take, self._give_back = _TAKE.format(table=table), _GIVE_BACK.format(table=table)

    def take(self, limit: Limit, subject: str) -> Verdict:
        """Count one try. The caller's scope must commit whatever comes of it."""
        now = clock.now()
        bucket = bucket_of(limit, subject)
        values: dict[str, str | int | datetime] = {
            "bucket": bucket,
            "now": now,
            "reset": now + timedelta(seconds=limit.seconds),
            "allowed": limit.allowed,
        }
        with connection.cursor() as cursor:
            cursor.execute(self._take, values)
            row = cursor.fetchone()
        if row is None:
            return Verdict(allowed=False, first_refusal=False, wait_seconds=self._wait(bucket, now))
        used, resets_at = row
        allowed = used <= limit.allowed
        return Verdict(allowed=allowed, first_refusal=not allowed, wait_seconds=int((resets_at - now).total_seconds()))

    def take_all(self, limits: Sequence[Limit], subject: str) -> Verdict:
        """Count one try by several limits, the strictest first; the first one that refuses decides."""
        verdicts = (self.take(limit, subject) for limit in limits)
        last = Verdict(allowed=True, first_refusal=False, wait_seconds=0)
        for last in verdicts:
            if not last.allowed:
                break
        return last

    def give_back(self, limit: Limit, subject: str) -> None:
        """Return one own try that succeeded; what others failed stays counted."""
        with connection.cursor() as cursor:
            cursor.execute(self._give_back, [bucket_of(limit, subject), limit.allowed])

    def remove_expired(self) -> int:
        """Delete counters whose window has passed; return how many."""
        deleted, _ = self._rows.filter(resets_at__lt=clock.now()).delete()
        return deleted

    def _wait(self, bucket: str, now: datetime) -> int:
        resets_at = self._rows.values_list("resets_at", flat=True).filter(bucket=bucket).first()
        return max(0, int((resets_at - now).total_seconds())) if resets_at else 0


_of_caisse = Counters(RateLimit)
take = _of_caisse.take
take_all = _of_caisse.take_all
give_back = _of_caisse.give_back
remove_expired = _of_caisse.remove_expired


def bucket_of(limit: Limit, subject: str) -> str:
    """Return the counter's key: keyed and hashed, since names and addresses are personal data."""
    digest = hashlib.blake2b(subject.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=20)
    return f"{limit.name}:{digest.hexdigest()}"
