"""The hourly look after caisses that leave: reminders, deletions whose day has come, files whose time is over."""

from __future__ import annotations

from contextlib import suppress

from celery import shared_task

from core.kernel import clock
from core.kernel.actors import Actor
from core.transfer import deleting, files
from core.transfer.kinds import DELETE
from core.transfer.models import Deletion
from tenants.jobs.errors import JobOpen
from tenants.jobs.services import request_job
from tenants.scope import platform_transaction

_SCHEDULER = Actor.system("scheduler")


@shared_task(name="core.transfer.sweep", platform_wide=True, ignore_result=True)  # type: ignore[call-overload, untyped-decorator]  # our task class's own option
def sweep() -> int:
    """Look once; return how many deletions were handed to the provisioning worker. Repeatable."""
    deleting.remind_due(actor=_SCHEDULER)
    files.erase_outdated()
    return request_due()


def request_due() -> int:
    """Ask the provisioning worker for every deletion whose day has come, unless other work is under way there."""
    asked = 0
    with platform_transaction():
        states = [Deletion.States.WAITING, Deletion.States.RUNNING]
        due = list(Deletion.objects.filter(state__in=states, due_at__lte=clock.now()).order_by("due_at"))
    for deletion in due:
        with suppress(JobOpen), platform_transaction():
            order = {"deletion": str(deletion.id)}
            request_job(actor=_SCHEDULER, kind=DELETE, slug=deletion.slug, caisse_id=deletion.caisse_id, order=order)
            asked += 1
    return asked
