"""Django's entry for the messaging room; binds its outbox handlers."""

from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Messages of a caisse."""

    name = "core.messaging"
    label = "core_messaging"

    def ready(self) -> None:
        """Bind the effects that follow a commit."""
        from core.messaging import effects  # noqa: PLC0415 -- app ready

        effects.bind()
