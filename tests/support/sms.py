"""Reading the text messages that a person at her browser waits for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read_folder(outbox: Path) -> Callable[[], list[str]]:
    """Return a reader of the embedded outbox: every SMS so far, oldest first."""

    def read() -> list[str]:
        files = sorted(outbox.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        kept = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        return [one["text"] for one in kept if one["kind"] == "sms"]

    return read
