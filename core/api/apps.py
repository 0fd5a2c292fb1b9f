"""Django's entry for the REST room."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST of a caisse; no tables."""

    name = "core.api"
    label = "core_api"

    def ready(self) -> None:
        """Let the API document know the token."""
        from core.api import document  # noqa: F401, PLC0415 -- app ready; importing it registers the scheme
