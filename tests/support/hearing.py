"""Waits until this process has heard what was committed: a notice that comes late empties memories under a test's hands."""

from __future__ import annotations

import queue
import threading
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

from tenants import listening

if TYPE_CHECKING:
    import psycopg

CHANNEL = "relais_test_heard"
PATIENCE_SECONDS = 30


class _Ear:
    def __init__(self) -> None:
        self.listens, self.heard = threading.Event(), queue.SimpleQueue[str]()
        listening.subscribe(
            CHANNEL,
            listening.Subscription(
                on_notice=lambda _connection, mark: self.heard.put(mark),
                on_connect=lambda _connection: self.listens.set(),
            ),
        )


_ear = cache(_Ear)


def hear_out(session: psycopg.Connection) -> bool:
    """Whether the listening thread, where it has a line, has heard all that was committed; asks by this session."""
    if not listening.is_connected():
        return not listening.is_started()
    ear, mark = _ear(), uuid4().hex
    if not ear.listens.wait(PATIENCE_SECONDS):
        return False
    # Notices come in the order of the commits.
    session.execute("SELECT pg_notify(%s, %s)", [CHANNEL, mark])
    try:
        while ear.heard.get(timeout=PATIENCE_SECONDS) != mark:
            pass
    except queue.Empty:
        return False
    return True
