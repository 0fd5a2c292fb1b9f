"""The hourly clean-up of what ran out, reminders and pauses, in every caisse under its own role."""

from __future__ import annotations

from celery import shared_task

from core.accounts.affiliation.carrying_out import carry_out_endings
from core.accounts.memberships.review import look_after
from core.accounts.upkeep import remove_expired
from tenants import hosts
from tenants.scope import tenant_transaction


@shared_task(name="core.accounts.upkeep", platform_wide=True, ignore_result=True)  # type: ignore[call-overload, untyped-decorator]  # our task class's own option
def upkeep() -> int:
    """Remove counters, codes and anonymous sessions that ran out; repeatable."""
    removed = 0
    for entry in hosts.list_entries():
        with tenant_transaction(entry.ref):
            removed += remove_expired()
        with tenant_transaction(entry.ref):
            look_after()
        with tenant_transaction(entry.ref):
            carry_out_endings()
    return removed
