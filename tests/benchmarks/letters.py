"""A campaign of activation letters, from the choice to the one PDF: seconds, and how much memory more letters cost."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass

FULL, SMALL, PIECE = 10_000, 1_000, 500
WARM = 500
LIMIT_SECONDS, LIMIT_MIB = 60.0, 16
KIBIBYTES_PER_MEBIBYTE = 1024


@dataclass(frozen=True)
class Measured:
    """``seconds`` for ten thousand letters (of a smaller run ten times its own), the worker's growth, the press' peak."""

    letters: int
    seconds: float
    growth_mib: int
    press_mib: int


def measure(caisse) -> Measured:
    """Make a first campaign to warm up, then the one that counts; ``FULL=1`` makes all ten thousand."""
    from core.kernel.actors import Actor
    from tests.support import letters

    count = FULL if os.environ.get("FULL") else SMALL
    actor = Actor.system("benchmark")
    _make_insured(caisse, WARM, first=900_001)
    letters.make(caisse, actor, name="warm")
    _make_insured(caisse, count, first=1)
    before = _peak()
    started = time.perf_counter()
    campaign = letters.make(caisse, actor, name="counted")
    seconds = time.perf_counter() - started
    if (campaign.state, campaign.made) != ("ready", count):
        message = f"{campaign.made} of {count} letters, {campaign.state}"
        raise RuntimeError(message)
    return Measured(count, seconds * FULL / count, _peak() - before, _peak(resource.RUSAGE_CHILDREN))


def _make_insured(caisse, count, *, first):
    """Make them in pieces, so that the peak is that of the letters."""
    from tenants.scope import tenant_transaction
    from tests.support import letters

    for start in range(first, first + count, PIECE):
        with tenant_transaction(caisse):
            letters.make_insured(PIECE, first=start)


def _peak(whose=resource.RUSAGE_SELF) -> int:
    return resource.getrusage(whose).ru_maxrss // KIBIBYTES_PER_MEBIBYTE
