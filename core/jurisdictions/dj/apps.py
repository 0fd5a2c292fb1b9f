"""Registers Djibouti: its presets."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig

from core.configuration import presets


class DjiboutiConfig(AppConfig):
    """Jurisdiction ``dj``."""

    name = "core.jurisdictions.dj"
    label = "jurisdictions_dj"

    def ready(self) -> None:
        """Make the presets known."""
        presets.register_folder(Path(__file__).parent / "presets")
