"""Django's entry for the documents room."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents of a caisse."""

    name = "core.documents"
    label = "core_documents"

    def ready(self) -> None:
        """Bind the effects of this room to their topics, and add its checks and its sub-command."""
        from core.documents import commands, doctor, effects  # noqa: PLC0415 -- models must be loaded first

        commands.register()
        effects.register()
        doctor.register()
