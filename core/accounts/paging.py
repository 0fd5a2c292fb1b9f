"""Lists by moment, newest first, paged by key: what arrives while one pages shifts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q

from core.accounts.by_name import PageGone

if TYPE_CHECKING:
    from django.db.models import QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Listed(Generic[M]):
    """A page of rows, and the cursor of the next one, empty at the end."""

    rows: list[M]
    next_cursor: str


def page_of(found: QuerySet[M], moment: str, cursor: str, limit: int) -> Listed[M]:
    """Return a page of what was found, by a column with moments; raises ``page_gone`` for a cursor that is none."""
    if cursor:
        at, last = _read_cursor(cursor)
        found = found.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "id__lt": last}))
    rows = list(found.order_by(f"-{moment}", "-id")[: limit + 1])
    if len(rows) <= limit:
        return Listed(rows, "")
    return Listed(rows[:limit], f"{getattr(rows[limit - 1], moment).isoformat()}~{rows[limit - 1].pk}")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    at, _mark, last = cursor.partition("~")
    try:
        moment, row = datetime.fromisoformat(at), UUID(last)
    except ValueError as error:
        raise PageGone from error
    if moment.tzinfo is None:
        raise PageGone
    return moment, row
