"""Registers France: its presets."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig

from core.configuration import presets


class FranceConfig(AppConfig):
    """Jurisdiction ``fr``."""

    name = "core.jurisdictions.fr"
    label = "jurisdictions_fr"

    def ready(self) -> None:
        """Make the presets known."""
        presets.register_folder(Path(__file__).parent / "presets")
