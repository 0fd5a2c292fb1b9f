"""Registers Djibouti: its presets."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig

from core.configuration import presets
from core.kernel.text import N_

PRESETS = {
    "cnss": presets.Words(
        N_("National social security fund of Djibouti (CNSS)"),
        N_("Law of Djibouti, Djibouti francs, in French; themes are prepared and off until their forms are installed."),
    )
}


class DjiboutiConfig(AppConfig):
    """Jurisdiction ``dj``."""

    name = "core.jurisdictions.dj"
    label = "jurisdictions_dj"

    def ready(self) -> None:
        """Make the presets known."""
        presets.register_folder(Path(__file__).parent / "presets", PRESETS)
