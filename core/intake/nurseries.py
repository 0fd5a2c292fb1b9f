"""This process' nursery: started when the first file is to be read, asked for a child per job, replaced when it died.

Linux alone has what it takes; elsewhere, or where a library keeps the nursery from forking, there is
none and each child is a new interpreter. Threads may ask at once. See docs/decisions/0030-nursery.md.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

log = structlog.get_logger(__name__)

PYTHON = (sys.executable, "-P", "-s", "-m")
# It answers a job at once; when it is new it imports first, and a busy machine takes its time.
ANSWER_SECONDS = 30
END_SECONDS = 5
MESSAGE_BYTES = 4096


class NurseryGone(Exception):
    """The nursery died, and its children with it."""


class Child(Protocol):
    """A running child, whoever started it."""

    pid: int

    def wait(self, seconds: float) -> tuple[int, float] | None:
        """Wait so long at most; once it ended, return its exit status (minus a signal's number) and CPU seconds."""

    def kill(self) -> None:
        """End it, if it still runs; its end is then to be waited for."""

    def close(self) -> None:
        """Leave it; if it still runs it ends."""


class _LentChild:
    """A child of the nursery, which tells how it ended, and ends it when this side of the line is shut."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        line.settimeout(ANSWER_SECONDS)
        self.pid = int(self._hear()["pid"])
        self._killed_at = 0.0

    def wait(self, seconds: float) -> tuple[int, float] | None:
        self._line.settimeout(seconds)
        try:
            said = self._hear()
        except TimeoutError:
            if self._killed_at and time.monotonic() - self._killed_at > END_SECONDS:
                end()
                raise NurseryGone from None
            return None
        return said["exit"], said["cpu"]

    def kill(self) -> None:
        self._killed_at = self._killed_at or time.monotonic()
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._line.close()

    def _hear(self) -> dict[str, Any]:
        try:
            message = self._line.recv(MESSAGE_BYTES)
        except ConnectionError:
            message = b""
        if not message:
            raise NurseryGone
        return dict(json.loads(message))


@dataclass(slots=True)
class _Nursery:
    process: subprocess.Popen[bytes]
    control: socket.socket
    environment: Mapping[str, str]

    def end(self) -> None:
        """Hang up, which it takes as the order to end."""
        self.control.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def forget(self) -> None:
        """Leave it to the process that was forked from."""
        self.control.close()
        # It is no child of this process, so there is nothing to wait for.
        self.process.returncode = 0


@dataclass(slots=True)
class _Keeper:
    lock: threading.Lock = field(default_factory=threading.Lock)
    nursery: _Nursery | None = None
    possible: bool = sys.platform == "linux" and hasattr(os, "pidfd_open")

    def ask(self, message: bytes, line: socket.socket, environment: Mapping[str, str]) -> bool:
        """Hand a job and the line for its answers to the nursery; return whether there is one."""
        with self.lock:
            self._look_after(environment)
            if self.nursery is None:
                return False
            try:
                socket.send_fds(self.nursery.control, [message], [line.fileno()])
            except OSError:
                return False
            return True

    def _look_after(self, environment: Mapping[str, str]) -> None:
        if self.nursery is not None:
            status = self.nursery.process.poll()
            if status:
                log.warning("intake_nursery_died", status=status)
            # A signal came from outside; a status says that another one would fare no better.
            self.possible = self.possible and (status or 0) <= 0
            if status is not None or self.nursery.environment != environment:
                self.end()
        if self.nursery is None and self.possible:
            self.nursery = _start(environment)

    def end(self) -> None:
        if self.nursery is not None:
            self.nursery.end()
        self.nursery = None

    def forget(self) -> None:
        if self.nursery is not None:
            self.nursery.forget()
        self.nursery, self.lock = None, threading.Lock()


_keeper = _Keeper()
atexit.register(_keeper.end)
# A fork of this process must not keep the nursery alive, nor speak with it.
os.register_at_fork(after_in_child=_keeper.forget)


def start_child(job_file: Path, plan: str, environment: Mapping[str, str]) -> Child | None:
    """Have a child begin with a job, or return ``None`` where there is no nursery.

    ``environment`` is all that the nursery and its children know; another one makes another nursery.
    """
    message = json.dumps({"job": str(job_file), "plan": plan}).encode()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        asked = _keeper.ask(message, theirs, environment)
    if asked:
        try:
            return _LentChild(ours)
        except TimeoutError:
            end()
        except NurseryGone:
            pass
    ours.close()
    return None


def get_pid() -> int | None:
    """Return the process number of the nursery, where one was started."""
    return _keeper.nursery.process.pid if _keeper.nursery else None


def end() -> None:
    """End the nursery and its children; the next job starts another."""
    with _keeper.lock:
        _keeper.end()


def _start(environment: Mapping[str, str]) -> _Nursery:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(ANSWER_SECONDS)
    with theirs:
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no shell
            [*PYTHON, "core.intake.nursery"],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            cwd="/",
            env=dict(environment),
            start_new_session=True,
        )
    return _Nursery(process, ours, environment)
