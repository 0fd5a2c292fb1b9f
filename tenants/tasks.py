"""Work of this room that rings by the clock."""

from __future__ import annotations

from celery import shared_task

from tenants.host_check.services import check_due_addresses


@shared_task(name="tenants.check_hosts", platform_wide=True, ignore_result=True)  # type: ignore[call-overload, untyped-decorator]  # our task class's own option
def check_hosts() -> None:
    """Look again at a few addresses; others wait for the next time."""
    check_due_addresses(most=10, seconds=15)
