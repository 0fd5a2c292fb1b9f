"""Celery on Redis: every configured queue takes a task and gives it back, and an emptied broker is no harm."""

from __future__ import annotations

import pytest
import redis
from celery import Celery

from infra.queues import QUEUES
from tests.production.components.redis import Redis


@pytest.fixture
def redis_server(redis_server, tmp_path):
    """A second Redis: the platform's own workers take what lies in the first one."""
    own = Redis(tmp_path)
    own.start()
    yield own
    own.stop()


@pytest.fixture
def app(redis_server):
    app = Celery("production-test", broker=redis_server.url)
    yield app
    app.close()


@pytest.mark.parametrize("queue", QUEUES)
def test_task_passes_through_every_queue(app, queue):
    app.send_task("relais.test", kwargs={"caisse_id": "cabcdefg"}, queue=queue)
    with app.connection_for_read() as connection, connection.SimpleQueue(queue) as waiting:
        message = waiting.get(timeout=60)
        assert message.headers["task"] == "relais.test"
        message.ack()


def test_broker_wants_the_password(redis_server):
    stranger = redis.Redis(port=redis_server.port)
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()
    stranger.close()


def test_emptied_broker_still_takes_tasks(app, redis_server):
    client = redis.Redis.from_url(redis_server.url)
    app.send_task("relais.test", queue=QUEUES[0])
    client.flushall()
    app.send_task("relais.test", queue=QUEUES[0])
    assert client.llen(QUEUES[0]) == 1
    client.close()
