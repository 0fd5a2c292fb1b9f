"""The programs that the supervisor keeps alive: started, watched, restarted, stopped."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.supervisor.paths import LOGS, ROOT
from infra.supervisor.progress import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEATHS_ALLOWED = 5
DEATHS_WITHIN_SECONDS = 120.0
STOP_WITHIN_SECONDS = 20.0
LOG_LIMIT_BYTES = 10 * 2**20
_PR_SET_PDEATHSIG = 1


class GivenUp(Exception):
    """A child died too often to be started once more."""


@dataclass
class Child:
    """One program; ``role`` tells its settings what it may have (see ``RELAIS_PROCESS``)."""

    name: str
    role: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)
    next_start: float = 0.0

    @property
    def log(self) -> Path:
        """What the program prints."""
        return LOGS / f"{self.name}.log"

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches only the supervisor."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.environment, "RELAIS_PROCESS": self.role},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 -- one thread
            )

    def watch(self) -> None:
        """Restart a program that died, after a pause that grows; raises :class:`GivenUp`."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.next_start:
                self.start()
        elif (status := self.process.poll()) is not None:
            self._end_group()
            self.process = None
            self._note_death(now, status)

    def _note_death(self, now: float, status: int) -> None:
        self.deaths.append(now)
        while self.deaths[0] < now - DEATHS_WITHIN_SECONDS:
            self.deaths.popleft()
        if len(self.deaths) > DEATHS_ALLOWED:
            raise GivenUp(f"{self.name} died {len(self.deaths)} times. Its log: {self.log}")
        pause = 2.0 ** (len(self.deaths) - 1) - 1
        self.next_start = now + pause
        say(f"{self.name} ended with status {status}; it starts again in {pause:.0f} s (log: {self.log})")

    def ask_to_stop(self) -> None:
        """Ask the program to finish what it does."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, deadline: float) -> None:
        """Wait until the deadline, then end the program and all that it started."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        self._end_group()
        self.process.wait()
        self.process = None

    def _end_group(self) -> None:
        # What the program started may outlive it, and a web process would go on taking requests.
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def stop_all(children: list[Child]) -> None:
    """Stop all at once; whoever has not ended in time is killed."""
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_or_kill(deadline)


def _die_with_parent() -> None:
    # Linux only: where the supervisor is killed outright, its children are asked to stop.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
