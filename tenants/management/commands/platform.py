"""``manage.py platform``: ``init`` prepares it, ``work`` is the provisioning worker; higher rungs add more."""

from __future__ import annotations

import os
import signal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel.errors import RelaisError
from tenants.bootstrap import init_platform
from tenants.jobs.worker import Worker
from tenants.registration import registered_platform_commands

if TYPE_CHECKING:
    from collections.abc import Callable

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
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("init", help="Prepare roles, the platform's tables and the template of a caisse.")
        actions.add_parser("work", help="Do the long work on caisses until SIGTERM.")
        for command in registered_platform_commands():
            command.add_arguments(actions.add_parser(command.name, help=command.help))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it."""
        known: dict[str, Callable[[], None]] = {"init": self._init, "work": self._work}
        for command in registered_platform_commands():
            known[command.name] = partial(command.run, options, self.stdout.write)
        try:
            known[options["action"]]()
        except RelaisError as error:
            raise CommandError(str(error)) from error

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
