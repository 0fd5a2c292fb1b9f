from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from infra.embedded import local
from infra.embedded.postgres import Cluster
from infra.embedded.server import free_port
from infra.supervisor.paths import PYTHON, ROOT


class Platform:
    """``make run`` without its installation, on a folder and a port of its own."""

    def __init__(self, data_dir):
        self.data_dir, self.port = data_dir, free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RELAIS_")}
        self.environment = kept | {"RELAIS_DATA": str(data_dir), "PORT": str(self.port)}
        self.printed = data_dir.with_name("printed")
        self.process = None
        self.started = []

    def start(self):
        command = [PYTHON, "-m", "infra.supervisor", "serve"]
        with self.printed.open("w") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)
        self.started.append(process)
        return process

    def start_and_wait(self):
        self.process = self.start()
        _until(lambda: "Stop with Ctrl-C" in self.printed.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.printed.read_text()
        return self.printed.read_text()

    def end(self):
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        for process in self.started:
            process.wait()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(60)

    def status(self, host, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            return connection.getresponse().status
        finally:
            connection.close()

    def processes(self):
        """Return the pids of all that runs with this data folder in its environment."""
        mark, found = f"RELAIS_DATA={self.data_dir}".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue
        return found


@pytest.fixture
def platform(tmp_path):
    made = Platform(tmp_path / "data")
    yield made
    made.end()
    Cluster(made.data_dir).stop()
    home = local.read(made.data_dir).home
    shutil.rmtree(home or made.data_dir, ignore_errors=True)


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
    assert platform.start().wait(30) == 2
    assert f"already runs here: http://localhost:{platform.port}/" in platform.printed.read_text()


def _outlives_its_database(platform):
    lock_file = Cluster(platform.data_dir).server.data / "postmaster.pid"
    os.kill(int(lock_file.read_text().split()[0]), signal.SIGKILL)
    _until(lambda: platform.status("ak26.localhost", "/health/ready") == 503)
    _until(lambda: platform.status("ak26.localhost", "/health/ready") == 200)


def _is_killed(platform):
    platform.process.kill()
    platform.process.wait()
    _until(lambda: platform.processes() == [])


def _stops_and_leaves_nothing(platform, number):
    assert platform.stop(number) == 0
    assert platform.processes() == []
    assert not Cluster(platform.data_dir).is_running()


def test_taken_port_is_said_before_anything_is_done(platform):
    with socket.socket() as other:
        other.bind(("127.0.0.1", platform.port))
        other.listen()
        assert platform.start().wait(30) == 1
    assert f"Port {platform.port} is taken" in platform.printed.read_text()
    assert not (platform.data_dir / "postgres").exists()


def _until(condition, *, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
