"""Password hashing: argon2id at a stated cost, by so many at a time as the machine can bear."""

from __future__ import annotations

import os
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

from core.kernel.errors import Unavailable

# Each hash in flight holds 19 MiB and one core; more than the cores would only make all of them
# slower and let a flood of sign-ins take the memory.
_POOL = BoundedSemaphore(os.cpu_count() or 2)
WAIT_SECONDS = 10.0


class BoundedArgon2Hasher(Argon2PasswordHasher):
    """argon2id, 19 MiB, two passes, one lane (OWASP's figure), behind a bounded pool."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash within the pool; raises ``Unavailable`` when it stays full."""
        with _slot():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Compare within the pool; raises ``Unavailable`` when it stays full."""
        with _slot():
            return super().verify(password, encoded)


class _slot:  # noqa: N801 -- used like a function
    """A place in the pool for the length of one hash."""

    def __enter__(self) -> None:
        if not _POOL.acquire(timeout=WAIT_SECONDS):
            raise Unavailable

    def __exit__(self, *_: object) -> None:
        _POOL.release()
