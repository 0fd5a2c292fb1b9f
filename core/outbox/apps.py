"""Django's entry for the outbox room; joins the examination of a caisse."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Outbox entries of a caisse."""

    name = "core.outbox"
    label = "core_outbox"

    def ready(self) -> None:
        """Add this room's checks."""
        from core.outbox import doctor  # noqa: PLC0415 -- models are loaded only now

        doctor.register()
