"""What runs out and may go: counters, codes, anonymous sessions and old history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.accounts import codes, limiter, sessions, trusted
from core.accounts.invitations.sending import BLANK
from core.accounts.mandates.upkeep import keep_mandates
from core.accounts.models import Activation, SupportPass
from core.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

SPENT_DAYS = 30
_others: list[Callable[[], int]] = []


def register(clearer: Callable[[], int]) -> None:
    """Let a higher room do its hourly work in the open scope's caisse; it returns how many rows it cleared or wrote."""
    if clearer not in _others:
        _others.append(clearer)


def remove_expired() -> int:
    """Delete what ran out in the open scope's caisse; return how many rows. Repeatable."""
    _blank_unused_activations()
    keep_mandates()
    spent, _ = SupportPass.objects.filter(expires_at__lt=_long_ago()).delete()
    spent += trusted.remove_expired()
    others = sum(clear() for clear in _others)
    return limiter.remove_expired() + codes.remove_expired() + sessions.remove_expired() + spent + others


def _blank_unused_activations() -> None:
    """Forget what somebody entered who never came to the end, and where the letter went."""
    old = Activation.objects.filter(expires_at__lt=_long_ago(), used_at__isnull=True)
    old.exclude(password="", mobile="", email="", address=[]).update(**BLANK, address=[])


def _long_ago() -> datetime:
    return clock.now() - timedelta(days=SPENT_DAYS)
