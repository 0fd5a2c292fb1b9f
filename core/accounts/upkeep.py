"""What runs out and may go: counters, codes, anonymous sessions and old history."""

from __future__ import annotations

from core.accounts import codes, limiter, sessions


def remove_expired() -> int:
    """Delete what ran out in the open scope's caisse; return how many rows. Repeatable."""
    return limiter.remove_expired() + codes.remove_expired() + sessions.remove_expired()
