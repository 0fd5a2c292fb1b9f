"""Tells the waiting parent how far the child is, through one small file."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from core.intake.jobs import PROGRESS_FILE

if TYPE_CHECKING:
    from pathlib import Path

SECONDS_BETWEEN = 0.2


class Reporter:
    """Writes ``{"stage", "percent"}`` at most five times a second, whole or not at all."""

    def __init__(self, output: Path) -> None:
        self._path = output / PROGRESS_FILE
        self._next = 0.0
        self._stage = ""

    def report(self, stage: str, percent: int) -> None:
        """Note the stage and the share done, from 0 to 100."""
        now = time.monotonic()
        if stage == self._stage and now < self._next:
            return
        self._stage, self._next = stage, now + SECONDS_BETWEEN
        beside = self._path.with_suffix(".part")
        beside.write_text(json.dumps({"stage": stage, "percent": percent}), encoding="utf-8")
        beside.replace(self._path)
