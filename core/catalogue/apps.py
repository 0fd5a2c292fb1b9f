"""Finds the themes by their path when the platform starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from core.catalogue import registry


class CatalogueConfig(AppConfig):
    """The registry of themes."""

    name = "core.catalogue"
    label = "core_catalogue"

    def ready(self) -> None:
        """Register ``THEME`` of every folder under ``themes/`` that holds a ``theme.py``."""
        for app in settings.THEME_APPS:
            registry.register(import_module(f"{app}.theme").THEME)
