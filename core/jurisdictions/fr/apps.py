"""Registers France: dated figures and presets."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig

from core.configuration import presets
from core.parameters import book

HERE = Path(__file__).parent


class FranceConfig(AppConfig):
    """Jurisdiction ``fr``."""

    name = "core.jurisdictions.fr"
    label = "jurisdictions_fr"

    def ready(self) -> None:
        """Make figures and presets known."""
        book.register_file("fr", HERE / "parameters.toml")
        presets.register_folder(HERE / "presets")
