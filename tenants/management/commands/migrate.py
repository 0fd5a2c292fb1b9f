"""Stands in the way of Django's ``migrate``, which knows nothing of many schemas."""

from __future__ import annotations

from typing import Any, Never

from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.autodetector import MigrationAutodetector


class Command(BaseCommand):
    """Say which commands migrate."""

    help = "Not used here: see 'manage.py platform init' and 'manage.py caisse migrate'."
    # A check of Django's compares it with that of makemigrations.
    autodetector = MigrationAutodetector
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own type for it

    def handle(self, *_args: Any, **_options: Any) -> Never:
        """Refuse."""
        raise CommandError("Run 'manage.py platform init' for the platform and 'manage.py caisse migrate' for caisses.")
