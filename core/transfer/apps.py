"""Django's entry for the transfer room."""

from __future__ import annotations

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """Export, import and deletion of whole caisses."""

    name = "core.transfer"
    label = "core_transfer"

    def ready(self) -> None:
        """Join the sub-commands."""
        from core.transfer import commands  # noqa: PLC0415 -- models must be loaded first

        commands.register()
