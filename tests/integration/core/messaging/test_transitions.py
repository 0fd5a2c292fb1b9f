"""Every transition in every state: what the registry allows works once, everything else changes nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import transaction

from core.audit.models import Entry
from core.kernel.errors import AssuranceTooLow, NotPermitted
from core.messaging import transitions
from core.messaging.errors import DeskOnly, TransitionNotAllowed
from core.messaging.models import Counter, Event, Message
from core.messaging.states import BOX_OF, BY_NAME, EVENT_LABELS, TRANSITIONS, State, list_open_ways
from core.outbox.models import Entry as OutboxEntry
from tenants.scope import tenant_transaction
from tests.support.mailbox import counts, current
from tests.support.states import reach, stamps_of

NAMES = [way.name for way in TRANSITIONS]


@pytest.fixture
def sides(office):
    return {"party": office.actor(), "caisse": office.clerk()}


def snapshot():
    """Return everything that a step may write, within the open scope."""
    return [list(table.objects.order_by("pk").values()) for table in (Message, Event, Entry, Counter, OutboxEntry)]


def apply(way, message, actor):
    return transitions.apply(message=message, transition=way.name, actor=actor, changes=stamps_of(way.name))


class Undo(Exception):
    """Ends a block whose writes are not to stay."""


@pytest.mark.parametrize("state", State)
def test_every_transition_works_once_where_it_may_and_nowhere_else(office, sides, state):
    with tenant_transaction(office.caisse):
        message = reach(state, sides["party"], sides["caisse"])
        assert message.state == state
        for way in TRANSITIONS:
            with suppress(Undo), transaction.atomic():
                if state in way.sources:
                    check_allowed(way, message, sides[way.who])
                check_refused(way, current(message), sides[way.who])
                counts(office)
                raise Undo


def check_allowed(way, message, actor):
    source, acts = message.state, Entry.objects.filter(object_id=str(message.id)).count()
    moved = apply(way, message, actor)
    assert (moved.state, current(message).state) == (way.target, way.target)
    event = message.events.order_by("at", "id").last()
    assert (event.name, event.from_state, event.to_state) == (way.event, source, way.target)
    assert (event.user_id, event.actor_name) == (actor.user_id, actor.name)
    written = Entry.objects.filter(object_id=str(message.id)).order_by("at", "id")
    assert (written.count(), written.last().action) == (acts + 1, f"message_{way.event}")


def check_refused(way, message, actor):
    before = snapshot()
    with pytest.raises(TransitionNotAllowed) as refused, transaction.atomic():
        apply(way, message, actor)
    assert (refused.value.code, refused.value.status) == ("transition_not_allowed", 409)
    assert snapshot() == before


@pytest.mark.parametrize("name", NAMES)
def test_transition_belongs_to_one_side_and_to_who_may_act(office, sides, name):
    way = BY_NAME[name]
    strangers = {
        "party": [office.actor("hugo", "elsewhere"), office.actor("dario", "bakery"), office.clerk()],
        "caisse": [office.actor(), office.clerk("greta")],
    }[way.who]
    with tenant_transaction(office.caisse):
        message = reach(way.sources[0], sides["party"], sides["caisse"])
        before = snapshot()
        for stranger in strangers:
            with pytest.raises(NotPermitted), transaction.atomic():
                apply(way, message, stranger)
        assert snapshot() == before


def test_who_is_of_the_party_is_told_that_only_the_caisse_may(office, sides):
    with tenant_transaction(office.caisse):
        message = reach(State.SENT, sides["party"], sides["caisse"])
        with pytest.raises(DeskOnly) as refused:
            apply(BY_NAME["take"], message, sides["party"])
    assert refused.value.code == "desk_only"


def test_sign_in_below_the_types_level_is_not_enough(office, sides):
    weak = office.actor(level=0)
    with tenant_transaction(office.caisse):
        message = reach(State.DRAFT, sides["party"], sides["caisse"])
        with pytest.raises(AssuranceTooLow):
            apply(BY_NAME["send"], message, weak)
        assert current(message).state == State.DRAFT


def test_guard_that_no_longer_holds_changes_nothing(office, sides):
    with tenant_transaction(office.caisse):
        message = reach(State.DRAFT, sides["party"], sides["caisse"])
        before = snapshot()
        with pytest.raises(TransitionNotAllowed), transaction.atomic():
            transitions.apply(
                message=message, transition="discard", actor=sides["party"], guard={"revision": message.revision + 1}
            )
        assert snapshot() == before


def test_registry_is_whole():
    assert set(BOX_OF) == set(State)
    assert {way.event for way in TRANSITIONS} <= set(EVENT_LABELS)
    assert all(state.label for state in State)
    for state in State:
        ways = {way.name for who in ("party", "caisse") for way in list_open_ways(state, who)}
        assert ways == {way.name for way in TRANSITIONS if state in way.sources}
