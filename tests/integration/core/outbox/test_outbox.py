"""The outbox: effects follow a commit, at least once, one failing effect never holds up another."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections

from core.configuration import operations
from core.kernel import clock
from core.outbox import doorbell, handlers, tasks
from core.outbox.models import Entry
from core.outbox.services import BACK_OFF_SECONDS, MAX_ATTEMPTS, drain, enqueue
from tenants.scope import current_bounds, tenant_transaction

TOPIC, OTHER = "test.effect", "test.other"
LEASE = timedelta(seconds=121)


class Effects:
    """A handler that keeps what it was given; ``error`` is raised where it is set."""

    def __init__(self):
        self.jobs, self.error, self.during = [], None, None

    def __call__(self, job):
        self.jobs.append(job)
        if self.during:
            self.during(job)
        if self.error:
            raise self.error

    @property
    def payloads(self):
        return [job.payload["n"] for job in self.jobs]


@pytest.fixture
def bind():
    """Bind handlers to topics of the test and let go of them afterwards."""
    bound = []

    def bind_one(topic):
        effects = Effects()
        handlers.register(topic, effects)
        bound.append(topic)
        return effects

    yield bind_one
    for topic in bound:
        del handlers._handlers[topic]


@pytest.fixture
def effects(bind):
    return bind(TOPIC)


def put(caisse, n=1, topic=TOPIC, **values):
    with tenant_transaction(caisse):
        return enqueue(topic=topic, payload={"n": n}, **values)


def entry(caisse, entry_id):
    with tenant_transaction(caisse):
        return Entry.objects.get(id=entry_id)


def test_effect_is_had_once_and_outside_of_any_transaction(caisse, effects):
    effects.during = lambda _job: scopes.append(current_bounds())
    scopes = []
    put(caisse, 7)
    assert drain(caisse=caisse) == 1
    assert (effects.payloads, scopes) == ([7], [None])
    assert effects.jobs[0].caisse == caisse


def test_working_off_again_does_nothing(caisse, effects):
    put(caisse)
    assert [drain(caisse=caisse) for _time in range(3)] == [1, 0, 0]
    assert len(effects.jobs) == 1


def test_what_was_rolled_back_has_no_effect_and_rings_no_bell(caisse, effects, monkeypatch):
    rung = []
    monkeypatch.setattr(doorbell, "_ringers", [rung.append])
    with suppress(ZeroDivisionError), tenant_transaction(caisse):
        enqueue(topic=TOPIC, payload={"n": 1})
        1 / 0
    assert (drain(caisse=caisse), effects.jobs, rung) == (0, [], [])
    put(caisse)
    assert rung == [caisse.id]


def test_bell_rings_after_the_commit_only(caisse, effects, monkeypatch):
    seen = []
    monkeypatch.setattr(doorbell, "_ringers", [lambda _caisse: seen.append(drain(caisse=caisse))])
    with tenant_transaction(caisse):
        enqueue(topic=TOPIC, payload={"n": 1})
        assert seen == []
    assert (seen, len(effects.jobs)) == ([1], 1)


def test_bell_out_of_order_undoes_nothing_and_the_sweep_finds_the_entry(caisse, effects, monkeypatch):
    def broken(_caisse):
        raise ConnectionError

    monkeypatch.setattr(doorbell, "_ringers", [broken])
    put(caisse)
    tasks.sweep()
    assert len(effects.jobs) == 1


def test_sweep_visits_every_caisse_under_its_own_role(caisse, other_caisse, effects):
    for number, one in enumerate((caisse, other_caisse)):
        put(one, number)
    assert tasks.sweep() == 2
    assert {job.caisse.slug: job.payload["n"] for job in effects.jobs} == {"ak26": 0, "ak99": 1}
    tasks.ring(caisse_id=caisse.id)
    assert len(effects.jobs) == 2


def test_failing_effect_holds_up_no_other(caisse, bind):
    failing, sound = bind(TOPIC), bind(OTHER)
    failing.error = ValueError("the gateway is away")
    first = put(caisse, 1)
    for number in (2, 3):
        put(caisse, number, OTHER)
    assert drain(caisse=caisse) == 2
    assert sound.payloads == [2, 3]
    kept = entry(caisse, first)
    assert (kept.done_at, kept.failed_at, kept.attempts, kept.last_error) == (None, None, 1, "ValueError")


def test_error_of_a_neighbour_is_kept_without_its_words(caisse, effects):
    effects.error = RuntimeError("anne@example.ch does not exist")
    kept = put(caisse)
    drain(caisse=caisse)
    assert entry(caisse, kept).last_error == "RuntimeError"


def test_pauses_grow_until_it_is_given_up_and_shown(caisse, effects):
    effects.error = ConnectionError()
    entry_id = put(caisse, secret={"to": "anne"})
    now = entry(caisse, entry_id).due_at
    pauses = []
    while (kept := entry(caisse, entry_id)).failed_at is None:
        pauses.append(max(kept.due_at - now, timedelta(0)))
        now = max(kept.due_at, now)
        with clock.travel(now - timedelta(seconds=1)):
            assert drain(caisse=caisse) == 0, "not before it is due"
        before = len(effects.jobs)
        with clock.travel(now):
            drain(caisse=caisse)
        assert len(effects.jobs) == before + 1
    assert [pause.total_seconds() for pause in pauses[1 : len(BACK_OFF_SECONDS) + 1]] == list(BACK_OFF_SECONDS)
    assert pauses[1:] == sorted(pauses[1:])
    assert (kept.attempts, kept.last_error, kept.secret) == (MAX_ATTEMPTS, "ConnectionError", None)
    with clock.travel(now + timedelta(days=9)):
        assert drain(caisse=caisse) == 0, "a dead letter waits for a person"
    with tenant_transaction(caisse):
        assert [one.id for one in Entry.objects.filter(failed_at__isnull=False)] == [entry_id]


def test_dead_letter_shows_when_the_caisse_is_examined(caisse, effects):
    def verdict():
        return next(one for one in operations.examine(caisse.slug) if one["check"] == "outbox_failures")

    assert verdict()["level"] == "ok"
    put(caisse, topic="test.nobody")
    drain(caisse=caisse)
    assert (verdict()["level"], verdict()["seen"]) == ("warning", "In the last 7 days: test.nobody: 1.")


def test_recovered_neighbour_gets_what_waited(caisse, effects):
    effects.error = ConnectionError()
    entry_id = put(caisse, 5)
    drain(caisse=caisse)
    effects.error = None
    with clock.travel(entry(caisse, entry_id).due_at):
        assert drain(caisse=caisse) == 1
    assert [job.attempt for job in effects.jobs] == [1, 2]
    assert {job.id for job in effects.jobs} == {entry_id}, "the receiver can tell a repeat"
    assert entry(caisse, entry_id).last_error == ""


@pytest.mark.parametrize("why", ["unknown topic", "permanent failure"])
def test_what_can_never_be_had_is_given_up_at_once(caisse, effects, why):
    effects.error = handlers.PermanentFailure("no such number")
    entry_id = put(caisse, topic=TOPIC if why == "permanent failure" else "test.nobody")
    assert drain(caisse=caisse) == 0
    kept = entry(caisse, entry_id)
    assert (kept.failed_at is not None, kept.attempts) == (True, 1)
    assert kept.last_error == ("no such number" if why == "permanent failure" else "no handler for test.nobody")


def test_worker_that_dies_leaves_its_entry_to_the_next(caisse, effects):
    class Killed(BaseException):
        pass

    effects.error = Killed()
    entry_id = put(caisse)
    with pytest.raises(Killed):
        drain(caisse=caisse)
    effects.error = None
    assert drain(caisse=caisse) == 0, "its lease still runs"
    with clock.travel(clock.now() + LEASE):
        assert drain(caisse=caisse) == 1
    assert entry(caisse, entry_id).attempts == 2


def test_worker_that_wakes_up_late_does_not_overrule_the_next(caisse, effects):
    entry_id = put(caisse)

    def overtaken(_job):
        effects.during = None
        with clock.travel(clock.now() + LEASE):
            assert drain(caisse=caisse) == 1
        raise ConnectionError

    effects.during = overtaken
    assert drain(caisse=caisse) == 0
    kept = entry(caisse, entry_id)
    assert (kept.done_at is not None, kept.last_error) == (True, ""), "done by the second, whatever befell the first"


def test_entry_that_another_worker_holds_is_passed_over(caisse, effects):
    put(caisse, 1)
    put(caisse, 2)
    started, go_on = threading.Event(), threading.Event()

    def hold(job):
        if job.payload["n"] == 1:
            started.set()
            go_on.wait(60)

    effects.during = hold
    slow = threading.Thread(target=lambda: (drain(caisse=caisse, limit=1), connections.close_all()))
    slow.start()
    assert started.wait(60)
    assert drain(caisse=caisse) == 1
    assert effects.payloads == [1, 2]
    go_on.set()
    slow.join(60)
    assert drain(caisse=caisse) == 0


def test_nothing_is_had_before_its_time(caisse, effects):
    later = clock.now() + timedelta(hours=1)
    put(caisse, not_before=later)
    assert drain(caisse=caisse) == 0
    with clock.travel(later):
        assert drain(caisse=caisse) == 1


def test_due_first_goes_first_and_a_limit_holds(caisse, effects):
    now = clock.now()
    for number, seconds in ((1, 30), (2, 10), (3, 20)):
        put(caisse, number, not_before=now + timedelta(seconds=seconds))
    with clock.travel(now + timedelta(minutes=1)):
        assert drain(caisse=caisse, limit=2) == 2
        assert effects.payloads == [2, 3]


def test_secret_travels_sealed_and_is_blanked(caisse, effects):
    entry_id = put(caisse, secret={"to": "anne@example.ch"})
    sealed = bytes(entry(caisse, entry_id).secret)
    assert b"anne" not in sealed
    drain(caisse=caisse)
    assert effects.jobs[0].secret == {"to": "anne@example.ch"}
    assert entry(caisse, entry_id).secret is None
    assert "anne" not in json.dumps(entry(caisse, entry_id).payload)


@pytest.mark.parametrize(
    "wrong",
    [{"done_at": clock.now(), "failed_at": clock.now()}, {"done_at": clock.now(), "secret": b"x"}],
    ids=["done and failed", "done and secret"],
)
def test_database_keeps_the_invariants_itself(caisse, effects, wrong):
    entry_id = put(caisse)
    with pytest.raises(IntegrityError), tenant_transaction(caisse):
        Entry.objects.filter(id=entry_id).update(**wrong)


def test_topic_has_one_handler(effects):
    handlers.register(TOPIC, effects)
    with pytest.raises(ValueError, match=TOPIC):
        handlers.register(TOPIC, Effects())
    assert TOPIC in handlers.list_topics()
