from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager

from infra.celery import app
from infra.embedded.broker import list_depths
from infra.queues import QUEUES
from infra.supervisor import paths
from infra.supervisor.children import stop_all
from infra.supervisor.programs import worker

WITHIN_SECONDS = 300
WARM_SECONDS = 10
VISIBILITY_SECONDS = 5


def _wait_for(path, word, *, within=WITHIN_SECONDS):
    deadline = time.monotonic() + within
    while word not in (path.read_text().split() if path.exists() else []):
        assert time.monotonic() < deadline, f"{word} did not come within {within} s"
        time.sleep(0.05)


def _send(name, queue, **kwargs):
    with app.connection_for_write() as connection:
        app.send_task(name, kwargs=kwargs, queue=queue, routing_key=queue, connection=connection)


@contextmanager
def _working(*queues):
    paths.make_data_dir()
    children = [worker(queue) for queue in queues]
    for child in children:
        child.command += ["--include", "tests.support.probe_tasks"]
        child.environment = {"RELAIS_BROKER_VISIBILITY_SECONDS": str(VISIBILITY_SECONDS)}
        child.start()
    try:
        yield children
    finally:
        stop_all(children)


def test_what_is_sent_to_a_configured_queue_is_consumed_and_leaves_it(tmp_path, database):
    with _working(*QUEUES):
        for queue in QUEUES:
            _send("tests.probe.note", queue, path=str(tmp_path / queue), word="consumed")
        for queue in QUEUES:
            _wait_for(tmp_path / queue, "consumed")
        begun = time.monotonic()
        _send("tests.probe.note", QUEUES[0], path=str(tmp_path / "warm"), word="consumed")
        _wait_for(tmp_path / "warm", "consumed")
        # A bell that is not heard would be made up for by a look much later; other tests share the machine.
        assert time.monotonic() - begun < WARM_SECONDS
    with database.worker.connect() as admin:
        assert {depth.waiting for depth in list_depths(admin)} == {0}


def test_task_of_a_killed_worker_is_handed_out_again(tmp_path):
    trace, enough = tmp_path / "trace", tmp_path / "enough"
    with _working(QUEUES[0]) as [child]:
        _send("tests.probe.labour", QUEUES[0], path=str(trace), until=str(enough))
        _wait_for(trace, "began")
        os.killpg(child.process.pid, signal.SIGKILL)
    assert "ended" not in trace.read_text()
    enough.touch()
    with _working(QUEUES[0]):
        _wait_for(trace, "ended")
    assert trace.read_text().split() == ["began", "began", "ended"]
