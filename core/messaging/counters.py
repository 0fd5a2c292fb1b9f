"""Exact counts per box, moved in the same transaction as the state."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, F, Q

from core.messaging.models import Counter, Message
from core.messaging.states import BOX_OF, Box, State

_ADD = """
INSERT INTO core_messaging_counter (party_id, theme, type_key, box, n) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (party_id, theme, type_key, box) DO UPDATE SET n = core_messaging_counter.n + 1
"""


def move(message: Message, source: State | None, target: State | None) -> None:
    """Take the message out of one state's box and put it into another's."""
    before = BOX_OF[source] if source else None
    after = BOX_OF[target] if target else None
    if before == after:
        return
    # Always in the order of the boxes' names: two colleagues moving messages in opposite directions
    # must not wait for each other.
    steps = sorted((box, step) for box, step in ((before, -1), (after, 1)) if box)
    for box, step in steps:
        _add(message, box) if step > 0 else _subtract(message, box)


def _add(message: Message, box: Box) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [message.party_id, message.theme, message.type_key, str(box)])


def _subtract(message: Message, box: Box) -> None:
    place = Counter.objects.filter(
        party_id=message.party_id, theme=message.theme, type_key=message.type_key, box=str(box)
    )
    place.update(n=F("n") - 1)


def recount() -> dict[tuple[str, str, str, str], int]:
    """Return the truth counted from the messages, for the invariant check: place -> number."""
    found: dict[tuple[str, str, str, str], int] = {}
    counted = Message.objects.filter(Q(drafted_by="party") | ~Q(state=State.DRAFT))
    groups = counted.values_list("party_id", "theme", "type_key", "state").annotate(n=Count("id"))
    for party, theme, type_key, state, n in groups:
        if box := BOX_OF[State(state)]:
            place = (str(party), theme, type_key, str(box))
            found[place] = found.get(place, 0) + n
    return found
