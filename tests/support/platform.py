"""``make run`` on a folder and a port of its own, for tests that end its processes or its database."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from infra.embedded import local
from infra.embedded.postgres import Cluster
from infra.supervisor.paths import PYTHON, ROOT
from tests.production.components.base import free_port


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
        until(
            lambda: "Stop with Ctrl-C" in self.printed.read_text() or self.process.poll() is not None,
            describe=self.printed.read_text,
        )
        assert self.process.poll() is None, self.printed.read_text()
        return self.printed.read_text()

    def end(self):
        """Leave nothing: no process, no server, no folder."""
        # Again until there is none: one may end by itself meanwhile, and the supervisor may just have started another.
        while found := self.processes():
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for process in self.started:
                process.poll()
            time.sleep(0.05)
        for process in self.started:
            process.wait()
        Cluster(self.data_dir).stop()
        home = local.read(self.data_dir).home
        shutil.rmtree(home or self.data_dir, ignore_errors=True)

    @contextlib.contextmanager
    def without_database(self):
        """Stop PostgreSQL until the block ends; the supervisor, which would start it again, sleeps meanwhile."""
        self.process.send_signal(signal.SIGSTOP)
        cluster = Cluster(self.data_dir)
        cluster.stop()
        try:
            yield
        finally:
            cluster.start()
            self.process.send_signal(signal.SIGCONT)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(180)

    def status(self, host, path):
        """Return what a page answers with, 0 where nothing comes within a minute."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
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

    def describe(self):
        """Return what still runs, by its command lines, for whoever reads why a test failed."""
        lines = [Path(f"/proc/{pid}/cmdline") for pid in self.processes()]
        return [line.read_bytes().replace(b"\0", b" ").decode() for line in lines if line.exists()]


def until(condition, *, seconds=300, describe=str):
    """Wait until a condition holds; the limit is for a machine that does much else: a first start takes minutes there."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, describe()
        time.sleep(0.1)
