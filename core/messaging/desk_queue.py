"""The desk's queue: what is overdue first, paged by keyset over due day, sending and id."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from core.messaging.desk_guards import open_to
from core.messaging.desk_settings import today_at_desk
from core.messaging.models import Message, Proposal, Team, TeamMember
from core.messaging.selectors import PAGE, BadCursor, Page, list_actable, list_readable, narrow
from core.messaging.states import AT_THE_DESK, ProposalState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.kernel.actors import Actor

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a clerk wants to see of the queue. ``due`` is empty, ``overdue`` or ``soon``."""

    states: tuple[str, ...] = tuple(map(str, AT_THE_DESK))
    theme: str | None = None
    due: str = ""
    team_id: UUID | None = None
    assigned_to: UUID | None = None
    unassigned: bool = False
    snoozed: bool = False
    to_confirm: bool = False
    search: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits at the desk, over the clerk's themes; what is set aside is counted apart."""

    by_state: dict[str, int]
    overdue: int
    snoozed: int
    to_confirm: int


def list_queue(viewer: Actor, filters: Filters, *, cursor: str | None = None, limit: int = PAGE) -> Page:
    """Return a page of the queue, the most urgent case first; what is set aside only where asked for."""
    found = _fitting(viewer, filters).annotate(is_proposed=_proposed())
    if cursor:
        found = found.filter(_after(cursor))
    rows = list(found.select_related("party").order_by("treat_by", "sent_at", "id")[: limit + 1])
    return Page(rows[:limit], _write_cursor(rows[limit - 1]) if len(rows) > limit else None)


def count_fitting(viewer: Actor, filters: Filters, *, most: int) -> int:
    """Return how many cases fit, counting no further than one beyond ``most``."""
    return _fitting(viewer, filters)[: most + 1].count()


def list_fitting_ids(viewer: Actor, filters: Filters, *, limit: int) -> list[UUID]:
    """Return the cases that fit, the most urgent first, at most so many."""
    found = _fitting(viewer, filters).order_by("treat_by", "sent_at", "id")
    return list(found.values_list("id", flat=True)[:limit])


def _fitting(viewer: Actor, filters: Filters) -> QuerySet[Message]:
    found = _at_desk(viewer).filter(state__in=filters.states)
    found = found.filter(is_snoozed()) if filters.snoozed else found.exclude(is_snoozed())
    found = narrow(found, theme=filters.theme, search=filters.search)
    if filters.to_confirm:
        found = found.filter(_proposed(but_not_by=viewer.user_id), theme__in=list_actable(viewer))
    return _of_hands(_due(found, filters.due), filters)


def count_queue(viewer: Actor) -> Counts:
    """Return what waits in each state; one query."""
    found = (
        _at_desk(viewer)
        .values_list("state")
        .annotate(
            waiting=Count("id", filter=~is_snoozed()),
            overdue=Count("id", filter=~is_snoozed() & Q(treat_by__lt=today_at_desk())),
            snoozed=Count("id", filter=is_snoozed()),
            to_confirm=Count(
                "id",
                filter=~is_snoozed() & Q(theme__in=list_actable(viewer)) & Q(_proposed(but_not_by=viewer.user_id)),
            ),
        )
    )
    lines = list(found)
    waiting = {str(state): 0 for state in AT_THE_DESK} | {state: n for state, n, *_rest in lines}
    overdue, snoozed, to_confirm = (sum(line[place] for line in lines) for place in (2, 3, 4))
    return Counts(waiting, overdue, snoozed, to_confirm)


def is_snoozed() -> Q:
    """Return the condition of what is set aside today; it is false, not unknown, where no day is set."""
    return Q(snoozed_until__isnull=False, snoozed_until__gt=today_at_desk())


def _proposed(*, but_not_by: UUID | None = None) -> Exists:
    """Whether a decision waits for a second person; who proposed it cannot be that person."""
    waiting = Proposal.objects.filter(message=OuterRef("pk"), state=str(ProposalState.WAITING))
    return Exists(waiting.exclude(proposed_by=but_not_by) if but_not_by else waiting)


def list_teams() -> list[Team]:
    """Return the caisse's teams by name, with their members."""
    return list(Team.objects.prefetch_related("members__user").order_by("name"))


def _at_desk(viewer: Actor) -> QuerySet[Message]:
    found = Message.objects.filter(state__in=[str(state) for state in AT_THE_DESK], theme__in=list_readable(viewer))
    return open_to(viewer, found)


def _due(found: QuerySet[Message], due: str) -> QuerySet[Message]:
    today = today_at_desk()
    if due == "overdue":
        return found.filter(treat_by__lt=today)
    if due == "soon":
        return found.filter(treat_by__lte=today + SOON)
    return found


def _of_hands(found: QuerySet[Message], filters: Filters) -> QuerySet[Message]:
    if filters.unassigned:
        found = found.filter(assigned_to__isnull=True)
    elif filters.assigned_to:
        found = found.filter(assigned_to=filters.assigned_to)
    if filters.team_id is None:
        return found
    team = Team.objects.filter(id=filters.team_id).first()
    if team is None:
        return found.none()
    with_nobody = Q(assigned_to__isnull=True)
    if team.themes is not None:
        with_nobody &= Q(theme__in=team.themes)
    return found.filter(with_nobody | Q(assigned_to__in=TeamMember.objects.filter(team=team).values("user_id")))


def _after(cursor: str) -> Q:
    due, sent_at, last = _read_cursor(cursor)
    rest = Q(sent_at__gt=sent_at) | Q(sent_at=sent_at, id__gt=last)
    if due is None:
        return Q(treat_by__isnull=True) & rest
    return Q(treat_by__gt=due) | Q(treat_by__isnull=True) | (Q(treat_by=due) & rest)


def _write_cursor(message: Message) -> str:
    due = message.treat_by.isoformat() if message.treat_by else None
    sent_at = message.sent_at.isoformat() if message.sent_at else ""
    raw = json.dumps([due, sent_at, str(message.id)]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[date | None, datetime, UUID]:
    try:
        raw: list[Any] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        due = date.fromisoformat(raw[0]) if raw[0] else None
        return due, datetime.fromisoformat(raw[1]), UUID(raw[2])
    except (ValueError, TypeError, IndexError, AttributeError, KeyError):
        raise BadCursor from None
