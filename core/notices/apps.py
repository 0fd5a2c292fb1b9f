"""Django's entry for the notices room: registers the effects that hand texts over."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """E-mails, SMS and letters."""

    name = "core.notices"
    label = "core_notices"

    def ready(self) -> None:
        """Bind the outbox topics, and add this room's checks."""
        from core.notices import delivery, doctor  # noqa: PLC0415 -- models are loaded only now

        delivery.register()
        doctor.register()
