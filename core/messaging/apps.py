"""Django's entry for the messaging room; binds its outbox handlers."""

from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Messages of a caisse."""

    name = "core.messaging"
    label = "core_messaging"

    def ready(self) -> None:
        """Bind the effects that follow a commit, declare the desk's section, say what people hold."""
        from core.messaging import desk_settings, effects, held  # noqa: F401, PLC0415 -- app ready

        effects.bind()
        held.register()
