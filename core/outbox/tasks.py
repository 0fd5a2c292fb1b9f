"""The alarm clock's two tasks: work off one caisse, and look after all of them."""

from __future__ import annotations

from celery import shared_task

from core.outbox import doorbell
from core.outbox.services import take_turn
from tenants import hosts


@shared_task(name="core.outbox.ring", ignore_result=True)
def ring(*, caisse_id: str) -> int:
    """Give one caisse its turn; what is left waits behind the others that have rung."""
    turn = take_turn(caisse=hosts.get_caisse(caisse_id))
    if turn.is_cut:
        doorbell.ring(caisse_id)
    return turn.handed_over


@shared_task(name="core.outbox.sweep", platform_wide=True, ignore_result=True)  # type: ignore[call-overload, untyped-decorator]  # our task class's own option
def sweep() -> int:
    """Give every open caisse a turn, so that nothing waits for a bell that was not heard."""
    return sum(take_turn(caisse=entry.ref).handed_over for entry in hosts.list_entries())
