"""What all components have in common: a folder, a port, child processes that end with the tests."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What takes a second takes many where the machine has other work.
PATIENCE_SECONDS = 300
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class NotStarted(Exception):
    """A component did not come up; the message holds the end of its log."""


# Below what Linux and others give to whoever asks for any port: a component takes its port seconds after it was found.
PORTS = range(10_000, 32_000)
_given: set[int] = set()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing uses just now, never the same twice, and that nobody is given by chance."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


@contextlib.contextmanager
def silent_port() -> Iterator[int]:
    """A port on which nobody listens, and nobody can while the block lasts."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something accepts connections on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class Component:
    """Start in a folder of its own, stop with all children; ``packages`` are Debian's."""

    packages: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    account = ""

    def __init__(self, home: Path) -> None:
        self.folder = home / type(self).__name__.lower()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "log.txt"
        self.port = free_port()
        self.children: list[subprocess.Popen[bytes]] = []
        self.seconds_to_start = 0.0

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that production's settings read for it."""
        return {}

    @classmethod
    def missing_programs(cls) -> list[str]:
        """Return the programs that this machine does not have."""
        return [name for name in cls.programs if shutil.which(name, path=SYSTEM_PATH) is None]

    def start(self) -> None:
        """Start and wait until it answers."""
        began = time.monotonic()
        try:
            self.prepare()
            self.launch()
            self.wait()
        except BaseException:
            self.stop()
            raise
        self.seconds_to_start = time.monotonic() - began

    def prepare(self) -> None:
        """Write configuration."""

    def launch(self) -> None:
        """Start the processes."""

    def is_up(self) -> bool:
        """Whether it answers."""
        return answers(self.port)

    def wait(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until it answers; raise with the log's end when it does not or when it died."""
        deadline = time.monotonic() + seconds
        while not self.is_up():
            died = [child.args for child in self.children if child.poll() is not None]
            if died or time.monotonic() > deadline:
                raise NotStarted(f"{type(self).__name__}: {died or 'no answer'}\n{self.log_end()}")
            time.sleep(0.05)

    def log_end(self) -> str:
        """Return the last lines of the log."""
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def spawn(self, *command: object, **options: object) -> subprocess.Popen[bytes]:
        """Start a child that writes to the log and ends with :meth:`stop`."""
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [str(part) for part in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True, **self.identity() | options,
            )  # fmt: skip
        self.children.append(child)
        return child

    def run(self, *command: object, **options: object) -> str:
        """Run a program to its end; raise with its words when it fails."""
        done = subprocess.run(
            [str(part) for part in command], check=False, capture_output=True, text=True, **self.identity() | options
        )
        if done.returncode:
            raise NotStarted(f"{command[0]}: {done.stdout}{done.stderr}\n{self.log_end()}")
        return done.stdout

    def identity(self) -> dict[str, object]:
        """Run as the component's own account where it has one and we may change to it."""
        environment = {"PATH": SYSTEM_PATH, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        if not self.account or os.getuid():
            return {"env": environment}
        found = pwd.getpwnam(self.account)
        return {"env": environment, "user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}

    def stop(self) -> None:
        """End what was started here, by its own process ids."""
        for child in reversed(self.children):
            _end(child)
        self.children.clear()


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait(10)
