"""Two at once, each with a connection of its own, so that the second meets the first's uncommitted work."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from django.db import connection, connections

from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.scope import CaisseRef

    Step = Callable[[], Any]

PATIENCE_SECONDS = 60
_BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def race(caisse: CaisseRef, first: Step, second: Step) -> list[Any]:
    """Do ``first``, and before it commits let ``second`` run into it; return what each gave or raised.

    The first commits once the second waits for it, or has ended without waiting.
    """
    outcomes: list[Any] = [None, None]
    first_has_acted = threading.Event()
    follower = threading.Thread(target=_follow, args=(caisse, second, first_has_acted, outcomes))
    follower.start()
    try:
        with tenant_transaction(caisse):
            outcomes[0] = first()
            first_has_acted.set()
            _wait_until_blocked(follower)
    except Exception as error:
        outcomes[0] = error
    finally:
        first_has_acted.set()
        follower.join(PATIENCE_SECONDS)
    assert not follower.is_alive(), "the second is still waiting"
    return outcomes


def _follow(caisse: CaisseRef, step: Step, after: threading.Event, outcomes: list[Any]) -> None:
    after.wait(PATIENCE_SECONDS)
    try:
        with tenant_transaction(caisse):
            outcomes[1] = step()
    except Exception as error:
        outcomes[1] = error
    finally:
        connections.close_all()


def _wait_until_blocked(follower: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while follower.is_alive() and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(_BLOCKED)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
