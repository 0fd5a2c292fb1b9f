"""Tasks that leave a trace in a file, for the tests of queues and workers."""

from __future__ import annotations

import time
from pathlib import Path

from infra.celery import app


@app.task(name="tests.probe.note", platform_wide=True)
def note(path: str, word: str) -> None:
    """Append a word."""
    with Path(path).open("a") as file:
        file.write(f"{word}\n")


@app.task(name="tests.probe.labour", platform_wide=True)
def labour(path: str, until: str) -> None:
    """Say that it began, work until a file is there, say that it ended."""
    note(path, "began")
    while not Path(until).exists():
        time.sleep(0.05)
    note(path, "ended")
