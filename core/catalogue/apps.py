"""Finds the themes by their path when the platform starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from core.catalogue import document_kinds, registry


class CatalogueConfig(AppConfig):
    """The registry of themes."""

    name = "core.catalogue"
    label = "core_catalogue"

    def ready(self) -> None:
        """Register ``THEME`` of every folder under ``themes/`` that holds a ``theme.py``."""
        from core.catalogue import offers  # noqa: PLC0415 -- app ready
        from core.configuration import choices  # noqa: PLC0415 -- app ready
        from core.configuration.registry import add_check  # noqa: PLC0415 -- app ready
        from core.configuration.sections import ThemesSection  # noqa: PLC0415 -- app ready

        for app in settings.THEME_APPS:
            registry.register(import_module(f"{app}.theme").THEME)
        add_check(ThemesSection, offers.find_misplaced_types)
        choices.offer("themes", offers.name_themes)
        choices.offer("message_types", offers.name_types)
        choices.offer("delivered", document_kinds.name_delivered)
        choices.offer("kept", lambda: offers.name_types() | document_kinds.name_kept())
