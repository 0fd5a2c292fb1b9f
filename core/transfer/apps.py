"""Django's entry for the transfer room."""

from __future__ import annotations

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """Export, import and deletion of whole caisses."""

    name = "core.transfer"
    label = "core_transfer"

    def ready(self) -> None:
        """Join the sub-commands and the jobs, and keep closed what is to be deleted."""
        from core.transfer import commands, deleting, doctor, jobs, undoing  # noqa: PLC0415 -- models must be loaded first

        commands.register()
        deleting.register()
        doctor.register()
        jobs.register()
        undoing.register()
