"""Reading support accesses: all of a caisse, those that run, what was done under one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.db.models import Q

from core.accounts.by_name import PageGone
from core.accounts.models import SupportGrant
from core.accounts.staff.selectors import CONSOLE
from core.accounts.support.services import running
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.errors import NotFound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.kernel.actors import Actor

State = Literal["asked", "refused", "coming", "running", "ended", "over"]
PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of rows, newest first, and the cursor of the next one."""

    rows: list[Any]
    next_cursor: str


def list_grants(viewer: Actor, *, cursor: str = "", limit: int = PAGE) -> Listed:
    """Return requests and accesses, newest first; one query."""
    _check_may_see(viewer)
    return _page(SupportGrant.objects.all(), "created_at", cursor, limit)


def access_grant(viewer: Actor, grant_id: UUID) -> SupportGrant:
    """Return one access; raises ``not_found``."""
    _check_may_see(viewer)
    found = SupportGrant.objects.filter(id=grant_id).first()
    if found is None:
        raise NotFound
    return found


def list_acts(viewer: Actor, grant: SupportGrant, *, cursor: str = "", limit: int = PAGE) -> Listed:
    """Return what was done with and under an access, newest first; one query."""
    _check_may_see(viewer)
    return _page(Entry.objects.filter(object_type="support", object_id=str(grant.id)), "at", cursor, limit)


def list_running() -> list[SupportGrant]:
    """Return the accesses that are open now; one query."""
    return list(SupportGrant.objects.filter(running(clock.now())).order_by("valid_until"))


def count_waiting() -> int:
    """Return how many requests wait for an answer."""
    waiting = SupportGrant.objects.filter(asked_at__isnull=False, granted_at__isnull=True, refused_at__isnull=True)
    return waiting.count()


def list_of_operator(email: str, *, limit: int = 10) -> list[SupportGrant]:
    """Return what one operator asked for or was granted here, newest first."""
    return list(SupportGrant.objects.filter(operator_email=email.lower()).order_by("-created_at", "-id")[:limit])


def state_of(grant: SupportGrant) -> State:
    """Return where a request or an access stands."""
    if grant.granted_at is None or grant.valid_from is None or grant.valid_until is None:
        return "asked" if grant.refused_at is None else "refused"
    now = clock.now()
    if grant.ended_at is not None:
        return "ended"
    if grant.valid_until <= now:
        return "over"
    return "running" if grant.valid_from <= now else "coming"


def _check_may_see(viewer: Actor) -> None:
    if not (viewer.is_desk and viewer.roles & CONSOLE):
        raise NotFound


def _page(found: QuerySet[Any], moment: str, cursor: str, limit: int) -> Listed:
    if cursor:
        at, last = _read_cursor(cursor)
        found = found.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "id__lt": last}))
    rows = list(found.order_by(f"-{moment}", "-id")[: limit + 1])
    more = len(rows) > limit
    return Listed(rows[:limit], f"{getattr(rows[limit - 1], moment).isoformat()}~{rows[limit - 1].id}" if more else "")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    at, _mark, last = cursor.partition("~")
    try:
        moment, row = datetime.fromisoformat(at), UUID(last)
    except ValueError as error:
        raise PageGone from error
    if moment.tzinfo is None:
        raise PageGone
    return moment, row
