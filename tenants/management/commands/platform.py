"""``manage.py platform init`` prepares the platform; ``platform work`` is the provisioning worker."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from tenants.bootstrap import init_platform
from tenants.jobs.worker import Worker

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Bring the platform up to this version of the code, or do the long work on whole caisses."""

    help = (
        "init: prepare roles, the platform's tables and the template of a caisse; may be run at every deploy. "
        "work: make, export and change caisses as operators ask for it, until SIGTERM."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own type for it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        parser.add_argument("action", choices=["init", "work"])

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it."""
        if options["action"] == "work":
            self._work()
        else:
            self._init()

    def _init(self) -> None:
        """The superuser's address comes from RELAIS_ADMIN_URL, if the roles are to be made."""
        current = init_platform(
            admin_url=os.environ.get("RELAIS_ADMIN_URL", ""), progress=lambda text: self.stdout.write(f"  {text}")
        )
        self.stdout.write("The platform was up to date." if current else "The platform is ready.")

    def _work(self) -> None:
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        self.stdout.write("The provisioning worker waits for work.")
        worker.run()
