"""The alarm clock's tasks for the operators' console: samples of all caisses, suspensions that run out, upkeep."""

from __future__ import annotations

from celery import shared_task

from core.kernel import clock
from core.kernel.actors import Actor
from core.operator.caisses import acts
from core.operator.samples.taking import remove_old, take_samples
from core.operator.upkeep import remove_expired
from tenants import hosts
from tenants.scope import platform_transaction


@shared_task(name="core.operator.sample", platform_wide=True, ignore_result=True)  # type: ignore[call-overload, untyped-decorator]  # our task class's own option
def sample() -> int:
    """Take a sample of every caisse and let go of old ones; repeatable."""
    taken = take_samples()
    remove_old()
    return taken


@shared_task(name="core.operator.reopen", platform_wide=True, ignore_result=True)  # type: ignore[call-overload, untyped-decorator]  # our task class's own option
def reopen() -> int:
    """Open the caisses whose suspension has run out; asks the database only when one has. Repeatable."""
    now = clock.now()
    closings = [entry.closing for entry in hosts.list_entries(state="suspended")]
    if not any(one and one.until and one.until <= now for one in closings):
        return 0
    return acts.resume_due(actor=Actor.system("scheduler"))


@shared_task(name="core.operator.upkeep", platform_wide=True, ignore_result=True)  # type: ignore[call-overload, untyped-decorator]  # our task class's own option
def upkeep() -> int:
    """Remove sessions, challenges, counters and links that ran out; repeatable."""
    with platform_transaction():
        return remove_expired()
