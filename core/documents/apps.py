"""Django's entry for the documents room."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents of a caisse."""

    name = "core.documents"
    label = "core_documents"

    def ready(self) -> None:
        """Bind the effects of this room to their topics, and add its checks."""
        from core.documents import doctor, effects  # noqa: PLC0415 -- models must be loaded first

        effects.register()
        doctor.register()
