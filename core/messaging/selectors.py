"""Reading the mailbox: boxes, counts, cases and the desk's queue, all paged by keyset."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Sum

from core.catalogue import display
from core.kernel.errors import InvalidInput
from core.messaging.access import may_see
from core.messaging.desk_guards import open_to
from core.messaging.models import Counter, Event, Mark, Message
from core.messaging.states import AT_THE_DESK, BOX_OF, Box, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from core.accounts.seats import Seat
    from core.kernel.actors import Actor

PAGE = 50
NOBODY = UUID(int=0)


class BadCursor(InvalidInput):
    """This page of the list no longer exists. Start again from its first page."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of messages and the cursor of the next one, if there is one."""

    messages: Sequence[Message]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class BoxCount:
    """How many messages of one type lie in a box."""

    box: Box
    theme: str
    type_key: str
    n: int


def list_readable(viewer: Actor) -> list[str]:
    """Return the themes that the viewer may read."""
    return [theme for theme, right in viewer.rights.items() if right.read]


def list_actable(viewer: Actor) -> list[str]:
    """Return the themes in which the viewer may act."""
    return [theme for theme, right in viewer.rights.items() if right.act]


def covered(viewer: Actor) -> Q:
    """Return what limits messages, or counters, to the viewer's themes and, within them, to her message types."""
    return _covered(list_readable(viewer), viewer.types)


def _covered(themes: Iterable[str], types: Mapping[str, frozenset[str]]) -> Q:
    fits = Q(theme__in=[theme for theme in themes if theme not in types])
    for theme, only in types.items():
        if theme in themes:
            fits |= Q(theme=theme, type_key__in=sorted(only))
    return fits


def states_of(box: Box) -> list[str]:
    """Return the states whose messages lie in a box."""
    return [str(state) for state, place in BOX_OF.items() if place is box]


def count_boxes(viewer: Actor) -> list[BoxCount]:
    """Return the counters of the viewer's party, her themes only; one query."""
    counted = Counter.objects.filter(covered(viewer), party_id=viewer.party, n__gt=0)
    return [
        BoxCount(Box(box), theme, type_key, n)
        for box, theme, type_key, n in counted.values_list("box", "theme", "type_key", "n").order_by(
            "theme", "type_key"
        )
    ]


def count_inbox_of_seats(seats: Iterable[Seat]) -> dict[UUID, int]:
    """Return what lies in the Inbox of several clients, each limited to what the seat opens; one query."""
    counted = Counter.objects.filter(of_seats(seats), box=str(Box.INBOX)).values_list("party_id")
    return dict(counted.annotate(total=Sum("n")))


def of_seats(seats: Iterable[Seat]) -> Q:
    """Return what limits messages, or counters, to several seats; as short for a thousand alike as for one."""
    alike: dict[tuple[tuple[str, ...], tuple[tuple[str, frozenset[str]], ...]], list[UUID]] = {}
    for seat in seats:
        themes = tuple(sorted(theme for theme, right in seat.rights.items() if right.read))
        alike.setdefault((themes, tuple(sorted(seat.types.items()))), []).append(seat.party.id)
    wanted = Q(pk__in=[])
    for (themes, types), parties in alike.items():
        wanted |= _covered(themes, dict(types)) & Q(party_id__in=parties)
    return wanted


def list_box(
    viewer: Actor,
    box: Box,
    *,
    theme: str | None = None,
    type_key: str | None = None,
    search: str = "",
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page:
    """Return a page of a box, newest change first, with ``is_read`` on each message.

    What is completed and older than the caisse shows it is kept, but not listed.
    """
    found = Message.objects.filter(covered(viewer), party_id=viewer.party, state__in=states_of(box)).exclude(
        state=str(State.DRAFT), drafted_by="caisse"
    )
    if box is Box.DONE:
        found = found.exclude(display.outlived("type_key", "changed_at"))
    found = narrow(found, theme=theme, type_key=type_key, search=search, since=since, until=until)
    read = Mark.objects.filter(user_id=viewer.user_id or NOBODY, message=OuterRef("pk"), read_at__isnull=False)
    return paginate(found.annotate(is_read=Exists(read)), cursor, limit)


def list_recent(viewer: Actor, *, limit: int = 6) -> Sequence[Message]:
    """Return the party's last messages over all boxes."""
    found = Message.objects.filter(covered(viewer), party_id=viewer.party).exclude(
        Q(state=str(State.DISCARDED))
        | Q(state=str(State.DRAFT), drafted_by="caisse")
        | (Q(state__in=states_of(Box.DONE)) & display.outlived("type_key", "changed_at"))
    )
    read = Mark.objects.filter(user_id=viewer.user_id or NOBODY, message=OuterRef("pk"), read_at__isnull=False)
    return paginate(found.annotate(is_read=Exists(read)), None, limit).messages


def list_begun_records(viewer: Actor, *, limit: int = PAGE) -> list[Message]:
    """Return what the caisse began to record for parties and has not finished, the latest first."""
    found = Message.objects.filter(state=str(State.DRAFT), drafted_by="caisse", theme__in=list_readable(viewer))
    return list(
        open_to(viewer, found.exclude(kind="request")).select_related("party").order_by("-changed_at", "-id")[:limit]
    )


def list_due(viewer: Actor, *, limit: int = 10) -> list[Message]:
    """Return open requests of the party, the most urgent first."""
    found = Message.objects.filter(covered(viewer), party_id=viewer.party, state=str(State.OPEN))
    return list(found.select_related("party").order_by(F("due_on").asc(nulls_last=True), "created_at")[:limit])


def list_queue(
    viewer: Actor,
    *,
    states: Iterable[str] = tuple(map(str, AT_THE_DESK)),
    theme: str | None = None,
    type_key: str | None = None,
    assigned_to: UUID | None = None,
    unassigned: bool = False,
    search: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page:
    """Return a page of the desk's queue over the clerk's themes, newest change first."""
    found = Message.objects.filter(state__in=list(states), theme__in=list_readable(viewer)).exclude(
        state__in=[str(State.DRAFT), str(State.DISCARDED)]
    )
    found = narrow(found, theme=theme, type_key=type_key, search=search)
    if unassigned:
        found = found.filter(assigned_to__isnull=True)
    elif assigned_to:
        found = found.filter(assigned_to=assigned_to)
    return paginate(open_to(viewer, found), cursor, limit)


def list_case(viewer: Actor, message: Message) -> list[Message]:
    """Return all messages of the same case that the viewer may see, oldest first."""
    found = open_to(viewer, Message.objects.filter(case_id=message.case_id)).select_related("party")
    return [other for other in found.order_by("created_at", "id") if may_see(viewer, other)]


def list_events(viewer: Actor, message: Message) -> list[Event]:
    """Return the steps of the whole case, oldest first; the party does not see internal ones."""
    found = Event.objects.filter(case_id=message.case_id).select_related("message")
    if not viewer.is_desk:
        found = found.filter(internal=False)
    return list(found.order_by("at", "id"))


def find_last_declared(message: Message) -> Message | None:
    """Return the party's standing message of the same type for the latest earlier period."""
    if not message.period:
        return None
    standing = Message.objects.filter(
        party_id=message.party_id,
        type_key=message.type_key,
        period__lt=message.period,
        state__in=[*map(str, AT_THE_DESK), str(State.DONE)],
    ).exclude(period="")
    return standing.order_by("-period", "-sent_at").first()


def narrow(
    found: QuerySet[Message],
    *,
    theme: str | None = None,
    type_key: str | None = None,
    search: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Message]:
    """Return what fits all that is asked for."""
    if theme:
        found = found.filter(theme=theme)
    if type_key:
        found = found.filter(type_key=type_key)
    if since:
        found = found.filter(changed_at__date__gte=since)
    if until:
        found = found.filter(changed_at__date__lte=until)
    if text := search.strip():
        found = found.filter(
            Q(reference__istartswith=text.replace("-", ""))
            | Q(party__name__icontains=text)
            | Q(party__number__istartswith=text)
            | Q(period__istartswith=text)
        )
    return found


def paginate(found: QuerySet[Message], cursor: str | None, limit: int) -> Page:
    """Return a page of messages, newest change first."""
    if cursor:
        at, last = _read_cursor(cursor)
        found = found.filter(Q(changed_at__lt=at) | Q(changed_at=at, id__lt=last))
    rows = list(found.select_related("party").order_by("-changed_at", "-id")[: limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], _write_cursor(rows[limit - 1]) if more else None)


def _write_cursor(message: Message) -> str:
    raw = json.dumps([message.changed_at.isoformat(), str(message.id)]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        read = datetime.fromisoformat(at), UUID(last)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise BadCursor from None
    if read[0].tzinfo is None:
        raise BadCursor
    return read
