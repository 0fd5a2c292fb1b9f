"""What deserves an operator's attention: the reasons by code, each with its weight and its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.kernel.text import N_
from tenants.quotas import WARN_PERCENT, percent_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.kernel.text import Text
    from tenants.quotas import Quotas

LATE, TOO_LATE = timedelta(minutes=5), timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody should look; ``weight`` 1 for a look, 2 for an act."""

    weight: int
    label: Text


REASONS: Mapping[str, Reason] = {
    "not_measured": Reason(2, N_("Could not be measured")),
    "schema_behind": Reason(2, N_("Tables of an older version")),
    "outbox_stuck": Reason(2, N_("Effects wait for more than 30 minutes")),
    "outbox_late": Reason(1, N_("Effects wait for more than 5 minutes")),
    "given_up": Reason(1, N_("Effects given up in the last 7 days")),
    "storage_full": Reason(2, N_("Storage full")),
    "storage_nearly": Reason(1, N_("Storage over 80 percent")),
    "sms_spent": Reason(2, N_("SMS of the day used up")),
    "sms_nearly": Reason(1, N_("SMS over 80 percent of the day or hour")),
}


def find_reasons(
    *, gauges: Mapping[str, int | None], schema_behind: bool, failure: str, quotas: Quotas, sms: tuple[int, int]
) -> list[str]:
    """Return the codes that hold; ``sms`` are those of the running hour and day."""
    return list(_find(gauges, schema_behind=schema_behind, failure=failure, quotas=quotas, sms=sms))


def weigh(reasons: Iterable[str]) -> int:
    """Return the highest weight, 0 where there is no reason."""
    return max((REASONS[code].weight for code in reasons), default=0)


def rate_hour(
    *, oldest_seconds: int | None, given_up: int | None, schema_behind: bool | None, failure: str
) -> int | None:
    """Return how an hour was: 0 well, 1 worth a look, 2 bad, None when nobody looked."""
    if failure or schema_behind:
        return 2
    if oldest_seconds is None:
        return None
    if oldest_seconds >= TOO_LATE.total_seconds():
        return 2
    return 1 if oldest_seconds >= LATE.total_seconds() or given_up else 0


def _find(
    gauges: Mapping[str, int | None], *, schema_behind: bool, failure: str, quotas: Quotas, sms: tuple[int, int]
) -> Iterator[str]:
    if failure:
        yield "not_measured"
    if schema_behind:
        yield "schema_behind"
    oldest = gauges.get("outbox_oldest_seconds") or 0
    if oldest >= LATE.total_seconds():
        yield "outbox_stuck" if oldest >= TOO_LATE.total_seconds() else "outbox_late"
    if gauges.get("outbox_given_up"):
        yield "given_up"
    stored = percent_of(gauges.get("document_bytes") or 0, quotas.storage_bytes)
    if stored >= WARN_PERCENT:
        yield "storage_full" if stored >= 100 else "storage_nearly"  # noqa: PLR2004 -- per cent
    spent = max(percent_of(sms[0], quotas.sms_per_hour), percent_of(sms[1], quotas.sms_per_day))
    if spent >= WARN_PERCENT:
        yield "sms_spent" if percent_of(sms[1], quotas.sms_per_day) >= 100 else "sms_nearly"  # noqa: PLR2004 -- per cent
