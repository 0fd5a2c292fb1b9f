"""Registers Djibouti: its kinds and presets."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig

from core.configuration import presets
from core.jurisdictions import registry
from core.kernel.text import N_
from core.notices import windows

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
        """Make kinds, presets and envelopes known."""
        presets.register_folder(Path(__file__).parent / "presets", PRESETS)
        windows.register_windows("dj", windows.LONG)
        registry.register(
            registry.Jurisdiction(
                code="dj",
                currency="DJF",
                kinds="core.jurisdictions.dj.kinds",
                person_identifier="RegistrationNumber",
                enterprise_identifier="RegistrationNumber",
            )
        )
