"""The nursery: a process with the reader loaded that forks one parsing child per job.

Run as ``python -m core.intake.nursery`` with a socket as its standard input. It never looks at a job
or a file; a child confines itself before it does (``core.intake.child``). It ends when its parent does.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import selectors
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.intake.jobs import STDERR_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

LOADED = ("pipeline", "reading", "delimited", "sheets", "hardened_xml")
POLARS = "_polars_runtime_32._polars_runtime"
STARTUP = "__register_startup_deps"
MESSAGE_BYTES = 16 * 1024
IDLE_SECONDS = 600
UNFIT = 3
_PR_SET_PDEATHSIG = 1


class Unfit(Exception):
    """This process must not fork: another thread of it may hold a lock that the child would wait for."""


@dataclass(frozen=True, slots=True)
class _Job:
    pid: int
    handle: int
    line: socket.socket


class Nursery:
    """Takes jobs from one socket; each brings a line of its own, on which it is answered."""

    def __init__(self, control: socket.socket, begin: Callable[[], None]) -> None:
        self._control, self._begin = control, begin
        self._events = selectors.DefaultSelector()
        self._events.register(control, selectors.EVENT_READ, self._take)
        self._jobs: dict[int, _Job] = {}
        self._told = 0.0
        self._open = True

    def serve(self) -> None:
        """Fork and answer until the parent is gone, or has asked for nothing for long."""
        while self._open:
            ready = self._events.select(IDLE_SECONDS)
            if not ready and not self._jobs:
                return
            for key, _ in ready:
                # What an earlier event of this round has ended is not asked again.
                if key.fileobj in self._events.get_map():
                    key.data()
        for job in self._jobs.values():
            _kill(job)

    def _take(self) -> None:
        message, lines = b"", list[int]()
        with suppress(OSError):
            message, lines, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 1)
        if not lines:
            self._open = False
            return
        asked = json.loads(message)
        # An error in a plan is the child's to report.
        with suppress(Exception):
            import_module(asked["plan"].partition(":")[0])
        line = socket.socket(fileno=lines[0])
        pid = self._fork(Path(asked["job"]))
        job = self._jobs[pid] = _Job(pid, os.pidfd_open(pid), line)
        self._events.register(line, selectors.EVENT_READ, lambda: self._hear(job))
        self._events.register(job.handle, selectors.EVENT_READ, lambda: self._finish(job))
        _tell(line, pid=pid)

    def _fork(self, job_file: Path) -> int:
        if count_threads() != 1:
            raise Unfit
        nursery = os.getpid()
        pid = os.fork()
        if not pid:
            _be_child(job_file, nursery, self._begin)
        return pid

    def _hear(self, job: _Job) -> None:
        """Any word, and the end of the line, mean that nobody waits for the job any more."""
        self._events.unregister(job.line)
        _kill(job)

    def _finish(self, job: _Job) -> None:
        _, status, usage = os.wait4(job.pid, 0)
        own = _spent(resource.getrusage(resource.RUSAGE_SELF))
        _tell(job.line, exit=os.waitstatus_to_exitcode(status), cpu=_spent(usage) + own - self._told)
        self._told = own
        del self._jobs[job.pid]
        self._events.unregister(job.handle)
        os.close(job.handle)
        with suppress(KeyError):
            self._events.unregister(job.line)
        job.line.close()


def _tell(line: socket.socket, **words: Any) -> None:
    # Who has hung up needs no answer.
    with suppress(OSError):
        line.send(json.dumps(words).encode())


def _spent(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def _kill(job: _Job) -> None:
    signal.pidfd_send_signal(job.handle, signal.SIGKILL)


def count_threads() -> int:
    """Return how many threads this process has, those of libraries included."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 -- names alone are counted


def _be_child(job_file: Path, nursery: int, begin: Callable[[], None]) -> None:
    """Leave all behind that belongs to the nursery, do the job, never return."""
    status = 1
    try:
        _leave(job_file.parent, nursery)
        begin()
        from core.intake import child  # noqa: PLC0415 -- loaded already

        status = child.main(job_file)
    except BaseException:  # noqa: BLE001 -- nothing may climb into the nursery's loop
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _leave(folder: Path, nursery: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nursery:
        os._exit(1)
    os.setsid()
    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDWR)
    errors = os.open(STDERR_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for target, source in enumerate((null, null, errors)):
        os.dup2(source, target)
    # The lines of other jobs among them: a child must not be able to answer for another.
    os.closerange(3, 1 + max(int(name) for name in os.listdir("/proc/self/fd")))  # noqa: PTH208 -- names alone


def load() -> Callable[[], None]:
    """Import what every job needs; return what polars does last, in a child.

    At its import polars starts a thread that would clear away spilled files. A process with a second
    thread must not fork, so that one call waits for the child.
    """
    runtime = import_module(POLARS)
    start, asked = getattr(runtime, STARTUP), list[tuple[Any, ...]]()
    setattr(runtime, STARTUP, lambda *given: asked.append(given))
    for name in LOADED:
        import_module(f"core.intake.{name}")
    setattr(runtime, STARTUP, start)

    def begin() -> None:
        for given in asked:
            start(*given)

    return begin


def main() -> int:
    """Serve; status 3 says that this system's libraries do not allow it."""
    control = socket.socket(fileno=0)
    begin = load()
    gc.collect()
    # What is loaded stays: the children need not look at it, and its pages remain shared.
    gc.freeze()
    try:
        Nursery(control, begin).serve()
    except Unfit:
        return UNFIT
    return 0


if __name__ == "__main__":
    os._exit(main())
