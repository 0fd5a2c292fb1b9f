"""Registers Switzerland: dated figures and presets. Its kinds need no registration; declarations import them."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig

from core.configuration import presets
from core.jurisdictions import registry
from core.kernel.text import N_
from core.parameters import book

HERE = Path(__file__).parent

PRESETS = {
    "avs": presets.Words(
        N_("Swiss compensation fund (AVS)"),
        N_("Swiss law, Swiss francs, four languages; salary declarations and employees; sign-in with a code by SMS."),
    )
}


class SwitzerlandConfig(AppConfig):
    """Jurisdiction ``ch``."""

    name = "core.jurisdictions.ch"
    label = "jurisdictions_ch"

    def ready(self) -> None:
        """Make figures, kinds and presets known."""
        book.register_file("ch", HERE / "parameters.toml")
        presets.register_folder(HERE / "presets", PRESETS)
        registry.register(
            registry.Jurisdiction(
                code="ch",
                currency="CHF",
                kinds="core.jurisdictions.ch.kinds",
                person_identifier="AvsNumber",
                enterprise_identifier="Uid",
            )
        )
