"""The bell that wakes a worker after a commit; nothing depends on it being heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)
_ringers: list[Callable[[str], None]] = []


def install(ringer: Callable[[str], None]) -> None:
    """Use ``ringer(caisse_id)`` from now on; composition calls this once with Celery's sender."""
    _ringers[:] = [ringer]


def ring(caisse_id: str) -> None:
    """Ring; a bell that is out of order is logged and left to the sweep."""
    for ringer in _ringers:
        try:
            ringer(caisse_id)
        except Exception as error:  # noqa: BLE001 -- the commit has happened; the sweep will find the entry
            log.warning("doorbell_silent", caisse=caisse_id, error=type(error).__name__)
