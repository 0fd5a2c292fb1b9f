from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from infra.supervisor import children, paths
from infra.supervisor.children import Child, GivenUp, stop_all

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_OFFSPRING = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"


@pytest.fixture
def start():
    paths.make_data_dir()
    started = []

    def begin(name, code):
        child = Child(name, "worker", [sys.executable, "-c", code])
        child.log.unlink(missing_ok=True)
        started.append(child)
        child.start()
        return child

    yield begin
    for child in started:
        child.wait_or_kill(time.monotonic())


def _printed(child):
    deadline = time.monotonic() + 60
    while not child.log.read_text().strip():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return child.log.read_text().strip()


def _watch_until(child, condition, *, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        child.watch()
        time.sleep(0.02)


def _is_gone(pid):
    try:
        with Path(f"/proc/{pid}/stat").open() as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_child_that_died_is_started_again(start):
    child = start("dies", "import time; time.sleep(60)")
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    _watch_until(child, lambda: child.process is not None and child.process.pid != first)


def test_child_that_keeps_dying_is_given_up_with_its_log(start):
    child = start("hopeless", "raise SystemExit(3)")
    child.deaths.extend([time.monotonic()] * children.DEATHS_ALLOWED)
    with pytest.raises(GivenUp, match=r"hopeless died 6 times.*hopeless\.log"):
        _watch_until(child, lambda: False)


def test_deaths_long_ago_are_forgiven(start):
    child = start("recovered", "raise SystemExit(3)")
    child.deaths.extend([time.monotonic() - children.DEATHS_WITHIN_SECONDS - 1] * 50)
    _watch_until(child, lambda: len(child.deaths) == 1)


def test_child_that_ignores_the_request_is_killed(start):
    child = start("stubborn", STUBBORN)
    _printed(child)
    pid = child.process.pid
    child.ask_to_stop()
    child.wait_or_kill(time.monotonic() + 0.2)
    assert _is_gone(pid)


def test_offspring_of_a_dead_child_is_ended_with_it(start):
    child = start("parent", WITH_OFFSPRING)
    offspring = int(_printed(child))
    os.kill(child.process.pid, signal.SIGKILL)
    _watch_until(child, lambda: _is_gone(offspring))


def test_all_are_stopped_at_once(start):
    several = [start(f"sleeper-{number}", "import time; time.sleep(60)") for number in range(3)]
    begun = time.monotonic()
    stop_all(several)
    assert time.monotonic() - begun < children.STOP_WITHIN_SECONDS / 2
    assert [child.process for child in several] == [None] * 3
