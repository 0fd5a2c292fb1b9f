"""Registers France: dated figures, kinds and presets."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig

from core.configuration import presets
from core.jurisdictions import registry
from core.kernel.text import N_
from core.notices import windows
from core.parameters import book

HERE = Path(__file__).parent
PRESETS = {
    "cpam": presets.Words(
        N_("French primary health insurance fund (CPAM)"),
        N_("French law, euros, in French; themes are prepared and off until their forms for France are installed."),
    )
}


class FranceConfig(AppConfig):
    """Jurisdiction ``fr``."""

    name = "core.jurisdictions.fr"
    label = "jurisdictions_fr"

    def ready(self) -> None:
        """Make figures, kinds, presets and envelopes known."""
        book.register_file("fr", HERE / "parameters.toml")
        presets.register_folder(HERE / "presets", PRESETS)
        windows.register_windows("fr", windows.LONG)
        registry.register(
            registry.Jurisdiction(
                code="fr",
                currency="EUR",
                kinds="core.jurisdictions.fr.kinds",
                person_identifier="Nir",
                enterprise_identifier="Siret",
            )
        )
