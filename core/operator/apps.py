"""Django's entry for the operators' console."""

from __future__ import annotations

from django.apps import AppConfig


class OperatorConfig(AppConfig):
    """The operators' console; its tables lie in the schema ``platform``."""

    name = "core.operator"
    label = "core_operator"

    def ready(self) -> None:
        """Add the commands for operators, join the making of a caisse, and keep a library from logging identifiers."""
        import logging  # noqa: PLC0415 -- app ready

        from core.operator import commands  # noqa: F401, PLC0415 -- app ready
        from core.operator.creating import inviting  # noqa: PLC0415 -- app ready

        inviting.register()
        logging.getLogger("fido2").setLevel(logging.WARNING)
