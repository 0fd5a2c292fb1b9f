"""The alarm clock's two tasks: work off one caisse, and look after all of them."""

from __future__ import annotations

from celery import shared_task

from core.outbox.services import drain
from tenants import hosts


@shared_task(name="core.outbox.ring", ignore_result=True)
def ring(*, caisse_id: str) -> int:
    """Work off what is due in one caisse."""
    return drain(caisse=hosts.get_caisse(caisse_id))


@shared_task(name="core.outbox.sweep", platform_wide=True, ignore_result=True)  # type: ignore[call-overload, untyped-decorator]  # our task class's own option
def sweep() -> int:
    """Visit every open caisse, so that nothing waits for a bell that was not heard."""
    return sum(drain(caisse=entry.ref) for entry in hosts.list_entries())
