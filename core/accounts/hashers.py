"""Password hashing: argon2id at a stated cost, by so many at a time as the machine can bear."""

from __future__ import annotations

import os
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

from core.kernel.errors import Unavailable

WAIT_SECONDS = 10.0
# Who waits holds one of the process's threads; beyond so many for each place the others stay free for other pages.
WAITING_FOR_EACH = 4


class Busy(Unavailable):
    """Very many people are signing in just now. Nothing is lost; try again in half a minute."""

    code = "busy"


class Pool:
    """So many at a time, and so many who wait; the next, and who waits too long, is told that the service is busy."""

    def __init__(self, size: int, wait_seconds: float = WAIT_SECONDS, waiting: int | None = None) -> None:
        self._places = BoundedSemaphore(size)
        self._queue = BoundedSemaphore(size + (size * WAITING_FOR_EACH if waiting is None else waiting))
        self._wait_seconds = wait_seconds

    def __enter__(self) -> None:
        if not self._queue.acquire(blocking=False):
            raise Busy
        if not self._places.acquire(timeout=self._wait_seconds):
            self._queue.release()
            raise Busy

    def __exit__(self, *_: object) -> None:
        self._places.release()
        self._queue.release()


# Each hash in flight holds 19 MiB and one core; more than the cores would only make all of them
# slower and let a flood of sign-ins take the memory.
_POOL = Pool(os.cpu_count() or 2)


class BoundedArgon2Hasher(Argon2PasswordHasher):
    """argon2id, 19 MiB, two passes, one lane (OWASP's figure), behind a bounded pool."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash within the pool; raises ``Busy`` when it stays full."""
        with _POOL:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Compare within the pool; raises ``Busy`` when it stays full."""
        with _POOL:
            return super().verify(password, encoded)
