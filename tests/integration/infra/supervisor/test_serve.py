from __future__ import annotations

import os
import signal
import socket

import pytest

from infra.embedded.postgres import Cluster
from tests.support.platform import Platform, until


@pytest.fixture
def platform(tmp_path):
    made = Platform(tmp_path / "data")
    yield made
    made.end()


def test_platform_serves_stops_starts_again_and_outlives_kills(platform):
    """One walk, since the first start provisions everything."""
    printed = platform.start_and_wait()
    assert f"http://ak26.localhost:{platform.port}/" in printed
    assert "Creating the caisse ak26" in printed
    _answers_at_every_address(platform)
    _refuses_a_second(platform)
    _outlives_its_database(platform)
    _stops_and_leaves_nothing(platform, signal.SIGINT)
    assert "Creating" not in platform.start_and_wait()
    _is_killed(platform)
    assert "Creating" not in platform.start_and_wait()
    assert platform.status("ak26.localhost", "/health/ready") == 200
    _stops_and_leaves_nothing(platform, signal.SIGTERM)


def _answers_at_every_address(platform):
    for host, path in (("localhost", "/"), ("ak26.localhost", "/sign-in/"), ("localhost", "/dev/outbox/")):
        assert platform.status(host, path) == 200


def _refuses_a_second(platform):
    assert platform.start().wait(90) == 2
    assert f"already runs here: http://localhost:{platform.port}/" in platform.printed.read_text()


def _outlives_its_database(platform):
    lock_file = Cluster(platform.data_dir).server.data / "postmaster.pid"
    # The supervisor sleeps until the pages have said so: it may be quicker than who asks them.
    platform.process.send_signal(signal.SIGSTOP)
    os.kill(int(lock_file.read_text().split()[0]), signal.SIGKILL)
    until(lambda: platform.status("ak26.localhost", "/health/ready") == 503)
    platform.process.send_signal(signal.SIGCONT)
    until(lambda: platform.status("ak26.localhost", "/health/ready") == 200)


def _is_killed(platform):
    platform.process.kill()
    platform.process.wait()
    until(lambda: platform.processes() == [], describe=platform.describe)


def _stops_and_leaves_nothing(platform, number):
    assert platform.stop(number) == 0
    until(lambda: platform.processes() == [], describe=platform.describe)  # who was killed may be on the way out
    assert not Cluster(platform.data_dir).is_running()


def test_taken_port_is_said_before_anything_is_done(platform):
    with socket.socket() as other:
        other.bind(("127.0.0.1", platform.port))
        other.listen()
        assert platform.start().wait(90) == 1
    assert f"Port {platform.port} is taken" in platform.printed.read_text()
    assert not (platform.data_dir / "postgres").exists()
