from __future__ import annotations

import pytest
from celery import Celery

from infra.celery import CaisseMissing, CaisseTask, broker_options, configure
from infra.queues import QUEUES


@pytest.fixture
def tasks():
    app = Celery("test", task_cls=CaisseTask, broker="memory://", set_as_current=False)

    # Not shared: else every other app of the process would take them as well, once for each test.
    @app.task(name="of_a_caisse", shared=False)
    def of_a_caisse(caisse_id, word="done"):
        return f"{caisse_id} {word}"

    @app.task(name="of_the_platform", platform_wide=True, shared=False)
    def of_the_platform():
        return "done"

    yield of_a_caisse, of_the_platform
    app.close()


@pytest.mark.parametrize("caisse_id", [None, "", 7])
def test_task_without_a_caisse_neither_runs_nor_leaves(tasks, caisse_id):
    with pytest.raises(CaisseMissing):
        tasks[0](caisse_id=caisse_id)
    with pytest.raises(CaisseMissing):
        tasks[0].delay(caisse_id)
    with pytest.raises(CaisseMissing):
        tasks[0].apply_async()


def test_task_of_a_caisse_runs_by_position_and_by_name(tasks):
    assert tasks[0]("abcdefgh") == "abcdefgh done"
    assert tasks[0](caisse_id="abcdefgh", word="seen") == "abcdefgh seen"


def test_task_declared_for_the_platform_needs_none(tasks):
    assert tasks[1]() == "done"


def test_each_broker_is_given_only_the_options_it_knows():
    assert broker_options("pgmq://a:b@127.0.0.1:1/relais")["poll_interval_ms"] <= 50
    assert broker_options("pgmq://a:b@127.0.0.1:1/relais")["init_extension"] is False
    assert set(broker_options("redis://127.0.0.1:6379/0")) == {"visibility_timeout"}
    assert broker_options("amqp://guest@127.0.0.1//") == {}


def test_nothing_creates_queues_on_the_fly_or_listens_to_remote_control():
    settings = configure("memory://", sweep_seconds=5)
    assert [queue.name for queue in settings["task_queues"]] == list(QUEUES)
    assert settings["task_create_missing_queues"] is False
    assert settings["worker_enable_remote_control"] is False
    assert {entry["options"]["queue"] for entry in settings["beat_schedule"].values()} <= set(QUEUES)
