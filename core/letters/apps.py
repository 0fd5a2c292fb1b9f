"""Django's entry for the room of letters; binds its outbox handlers."""

from __future__ import annotations

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Activation letters of a caisse."""

    name = "core.letters"
    label = "core_letters"

    def ready(self) -> None:
        """Bind the effects, declare the texts, and keep this room's objects from being taken for forgotten ones."""
        from core.letters import filing, making, texts  # noqa: F401, PLC0415 -- models must be loaded first

        making.register()
        filing.register()
