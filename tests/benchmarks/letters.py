"""A campaign of activation letters, from the choice to the one PDF: seconds, and how much memory more letters cost."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass

FULL, SMALL = 10_000, 1_000
LIMIT_SECONDS = 60.0
KIBIBYTES_PER_MEBIBYTE = 1024


@dataclass(frozen=True)
class Measured:
    """``seconds`` for ten thousand letters (of a smaller run ten times its own), and the peak's growth in MiB."""

    letters: int
    seconds: float
    growth_mib: int


def measure(caisse) -> Measured:
    """Make a first campaign to warm up, then the one that counts."""
    from core.kernel.actors import Actor
    from tenants.scope import tenant_transaction
    from tests.support import letters

    count = FULL if os.environ.get("FULL") else SMALL
    actor = Actor.system("benchmark")
    with tenant_transaction(caisse):
        letters.make_insured(500, first=900_001)
    letters.make(caisse, actor, name="warm")
    before = _peak()
    with tenant_transaction(caisse):
        letters.make_insured(count, first=1)
    started = time.perf_counter()
    campaign = letters.make(caisse, actor, name="counted")
    seconds = time.perf_counter() - started
    if (campaign.state, campaign.made) != ("ready", count):
        message = f"{campaign.made} of {count} letters, {campaign.state}"
        raise RuntimeError(message)
    return Measured(count, seconds * FULL / count, _peak() - before)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIBIBYTES_PER_MEBIBYTE
