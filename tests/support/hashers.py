"""Passwords are hashed cheaply in tests, which sign in some thousand times; what tests the cost asks for the real one."""

from __future__ import annotations

from core.accounts.hashers import BoundedArgon2Hasher


class QuickHasher(BoundedArgon2Hasher):
    """The same algorithm behind the same pool, with the least memory and passes that it takes."""

    time_cost = 1
    memory_cost = 8
