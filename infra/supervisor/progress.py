"""Tells the person at the terminal what happens now and how long it took."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infra.supervisor import paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STARTED = "RELAIS_STARTED_AT"
TAIL_LINES = 25


class StepFailed(Exception):
    """A step of the start failed; the text says which, and ends with what it printed."""


def begin() -> None:
    """Start the clock; it goes on when this program replaces itself by that of the venv."""
    os.environ.setdefault(_STARTED, str(time.time()))


def elapsed() -> float:
    """Return the seconds since ``begin``."""
    return time.time() - float(os.environ.get(_STARTED, time.time()))


def say(text: str) -> None:
    """Print one line with the time since the start."""
    print(f"[{elapsed():6.1f} s] {text}", flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step at its beginning, and at its end how long it took."""
    print(f"[{elapsed():6.1f} s] {text} ...", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - begun:.1f} s", flush=True)


def run(text: str, *command: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a program as a step; its output goes to ``setup.log`` and, if it fails, on the screen."""
    paths.make_data_dir()
    log = paths.LOGS / "setup.log"
    with step(text), log.open("a+", encoding="utf-8", errors="replace") as output:
        output.write(f"\n$ {' '.join(command)}\n")
        output.flush()
        begin_at = output.tell()
        done = subprocess.run(
            command,
            cwd=paths.ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode != 0:
            output.seek(begin_at)
            raise StepFailed(_failure(text, done.returncode, output.read()))


def capture(text: str, *command: str, environment: Mapping[str, str]) -> str:
    """Run a program quietly and return what it printed; a failure names the step ``text``."""
    done = subprocess.run(
        command,
        cwd=paths.ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StepFailed(_failure(text, done.returncode, done.stdout + done.stderr))
    return done.stdout


def _failure(text: str, status: int, output: str) -> str:
    tail = "\n".join(f"    {line}" for line in output.splitlines()[-TAIL_LINES:])
    return f"{text}: failed with status {status}.\n{tail}\n    (more in {paths.LOGS / 'setup.log'})"
