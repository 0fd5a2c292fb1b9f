"""``manage.py platform init``: roles, the schema ``platform`` and the template of a caisse; repeatable."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from tenants.bootstrap import init_platform

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Bring the platform up to this version of the code."""

    help = "Prepare roles, the platform's tables and the template of a caisse; may be run at every deploy."
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own type for it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        parser.add_argument("action", choices=["init"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it; the superuser's address comes from RELAIS_ADMIN_URL, if the roles are to be made."""
        current = init_platform(
            admin_url=os.environ.get("RELAIS_ADMIN_URL", ""), progress=lambda text: self.stdout.write(f"  {text}")
        )
        self.stdout.write("The platform was up to date." if current else "The platform is ready.")
