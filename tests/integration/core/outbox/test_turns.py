"""Fairness: a caisse with a long queue delays the others by one turn, and never takes more than its share."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, connections, transaction

from core.kernel import clock
from core.outbox import doorbell, handlers, services, tasks
from core.outbox.models import Entry
from core.outbox.services import TURN_EFFECTS, drain, enqueue, take_turn
from tenants.scope import tenant_transaction
from tests.support.steering import limit, resume, suspend

LIGHT, HEAVY = "test.light", "test.heavy"


@pytest.fixture
def effects(caisse, other_caisse):
    """What was done, in order, as (caisse, topic); a topic waits where ``during`` says."""
    done, during = [], {}
    for one in (caisse, other_caisse):
        with tenant_transaction(one):
            Entry.objects.all().delete()  # what making a caisse leaves to do

    def work(job):
        done.append((job.caisse.slug, job.topic))
        if job.topic in during:
            during[job.topic]()

    handlers.register(LIGHT, work)
    handlers.register(HEAVY, work, heavy=True)
    yield done, during
    for topic in (LIGHT, HEAVY):
        del handlers._handlers[topic]
    handlers._heavy.discard(HEAVY)


@pytest.fixture
def silent(monkeypatch):
    rung = []
    monkeypatch.setattr(doorbell, "_ringers", [rung.append])
    return rung


class Watch:
    """Tells turns how long they have taken: the machine's mood takes no time from them."""

    def __init__(self):
        self.seconds = 0.0

    def monotonic(self):
        return self.seconds

    perf_counter = monotonic


@pytest.fixture
def watch(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(services, "time", watch)
    return watch


def put(caisse, topic=LIGHT, number=1):
    now = clock.now()
    with tenant_transaction(caisse):
        Entry.objects.bulk_create([Entry(topic=topic, created_at=now, due_at=now) for _ in range(number)])


def count_waiting(caisse):
    with tenant_transaction(caisse):
        return Entry.objects.filter(done_at__isnull=True).count()


def test_ten_thousand_entries_of_one_caisse_delay_another_by_one_turn(caisse, other_caisse, effects, silent, watch):
    done, _during = effects
    put(caisse, number=10_000)
    put(other_caisse)
    tasks.sweep()
    assert count_waiting(other_caisse) == 0
    assert done.count(("ak26", LIGHT)) == TURN_EFFECTS
    tasks.ring(caisse_id=caisse.id)
    assert count_waiting(caisse) == 10_000 - 2 * TURN_EFFECTS
    assert silent == [caisse.id], "what is left rings again, behind the others"


def test_turn_ends_by_its_time_as_well(caisse, effects, watch):
    _done, during = effects

    def work():
        watch.seconds += 5

    during[LIGHT] = work
    put(caisse, number=20)
    turn = take_turn(caisse=caisse, seconds=12)
    assert (turn.is_cut, turn.handed_over) == (True, 3)


def test_bell_of_an_empty_caisse_does_not_ring_again(caisse, effects, silent):
    put(caisse, number=3)
    assert tasks.ring(caisse_id=caisse.id) == 3
    assert silent == []


def test_transaction_rings_once_however_much_it_adds(caisse, effects, silent):
    with tenant_transaction(caisse):
        for _time in range(30):
            enqueue(topic=LIGHT, payload={})
    assert silent == [caisse.id]


def test_bell_of_a_savepoint_that_is_undone_takes_no_other_with_it(caisse, effects, silent):
    with tenant_transaction(caisse):
        try:
            with transaction.atomic():
                enqueue(topic=LIGHT, payload={})
                enqueue(topic=LIGHT, payload={})
                raise ZeroDivisionError
        except ZeroDivisionError:
            enqueue(topic=LIGHT, payload={})
    assert silent == [caisse.id]


def hold(caisse, during, topic):
    """Let a worker be in the middle of an effect; returns how to let it go on."""
    begun, go_on = threading.Event(), threading.Event()

    def wait():
        during.pop(topic, None)
        begun.set()
        go_on.wait(60)

    during[topic] = wait
    worker = threading.Thread(target=lambda: (drain(caisse=caisse, limit=1), connections.close_all()))
    worker.start()
    assert begun.wait(60)

    def finish():
        go_on.set()
        worker.join(60)

    return finish


def test_heavy_effects_of_a_caisse_wait_for_one_another_and_light_ones_do_not(caisse, effects):
    done, during = effects
    put(caisse, HEAVY, 3)
    finish = hold(caisse, during, HEAVY)
    put(caisse, LIGHT, 2)
    assert drain(caisse=caisse) == 2
    assert [topic for _slug, topic in done] == [HEAVY, LIGHT, LIGHT]
    finish()
    assert drain(caisse=caisse) == 2


def test_share_of_a_caisse_is_exact_and_leaves_the_other_alone(caisse, other_caisse, effects):
    _done, during = effects
    limit(caisse, background_share=1)
    put(caisse, number=5)
    put(other_caisse)
    finish = hold(caisse, during, LIGHT)
    assert drain(caisse=caisse) == 0
    assert drain(caisse=other_caisse) == 1
    finish()
    assert drain(caisse=caisse) == 4


def test_racing_workers_never_pass_the_share(caisse, effects):
    _done, during = effects
    running, most, lock = [0], [0], threading.Lock()

    def work():
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1

    during[LIGHT] = work
    put(caisse, number=24)
    workers = [threading.Thread(target=lambda: (drain(caisse=caisse), connections.close_all())) for _worker in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    while drain(caisse=caisse):
        pass
    assert count_waiting(caisse) == 0
    assert most[0] <= 2


def test_suspended_caisse_keeps_everything_and_sends_after_it_is_resumed(caisse, other_caisse, effects):
    put(caisse, number=3)
    put(other_caisse)
    suspend(caisse)
    assert tasks.sweep() == 1
    assert tasks.ring(caisse_id=caisse.id) == 0
    assert count_waiting(caisse) == 3
    resume(caisse)
    assert tasks.sweep() == 3


def test_turn_stops_in_the_middle_when_the_caisse_is_suspended(caisse, effects):
    _done, during = effects
    during[LIGHT] = lambda: (during.clear(), suspend(caisse))
    put(caisse, number=4)
    assert drain(caisse=caisse) == 1, "what was begun is ended, nothing more is begun"
    assert services.take_turn(caisse=caisse).is_cut is False


def test_claim_takes_one_entry_whatever_the_planner_thinks_of(caisse, effects, silent):
    """Statistics that never knew of rows lead to a nested loop, which runs what stands in a condition for each row."""
    put(caisse, number=5)
    done, _during = effects
    ways = ("hashjoin", "mergejoin", "hashagg", "sort", "material")
    with tenant_transaction(caisse), connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET enable_{way} = off" for way in ways))
    try:
        assert services.take_turn(caisse=caisse, limit=1).handed_over == 1
    finally:
        connection.close()
    with tenant_transaction(caisse):
        assert Entry.objects.filter(attempts__gt=0).count() == len(done) == 1
