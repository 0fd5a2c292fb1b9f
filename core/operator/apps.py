"""Django's entry for the operators' console."""

from __future__ import annotations

from django.apps import AppConfig


class OperatorConfig(AppConfig):
    """The operators' console; its tables lie in the schema ``platform``."""

    name = "core.operator"
    label = "core_operator"

    def ready(self) -> None:
        """Add the commands for operators; keep the library from writing credential identifiers to the log."""
        import logging  # noqa: PLC0415 -- app ready

        from core.operator import commands  # noqa: F401, PLC0415 -- app ready

        logging.getLogger("fido2").setLevel(logging.WARNING)
