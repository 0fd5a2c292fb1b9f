"""Reading the text messages that a person at her browser waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.outbox import list_kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read_folder(outbox: Path) -> Callable[[], list[str]]:
    """Return a reader of the embedded outbox: every SMS so far, oldest first."""

    def read() -> list[str]:
        return [one["text"] for one in list_kept("sms", outbox)]

    return read
