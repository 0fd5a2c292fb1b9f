"""Brings a caisse's own figures to where figures are looked up, from memory and without a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.configuration import choices, configuration
from core.configuration.sections import FiguresSection, LocaleSection
from core.parameters import book
from core.parameters.records import Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.reference import CaisseRef

# What a caisse may not set lower or higher by itself: the law's minima of keeping.
_OF_THE_LAW = "retention."


def register() -> None:
    """Give the values of each caisse, and the figures that there are to choose from."""
    book.register_own_values(list_own)
    choices.offer("figures", _name_figures)


def list_own(caisse: CaisseRef) -> list[Parameter]:
    """Return the figures that a caisse has set for itself."""
    jurisdiction, units = configuration.get(caisse, LocaleSection).jurisdiction, book.list_units()
    return [
        Parameter(
            jurisdiction=jurisdiction,
            key=one.key,
            valid_from=one.valid_from,
            valid_to=one.valid_until,
            value=one.value,
            source=one.source,
            unit=units.get(one.key, ""),
        )
        for one in configuration.get(caisse, FiguresSection).figures
    ]


def _name_figures() -> Mapping[str, str]:
    return {key: key for key in sorted(book.list_units()) if not key.startswith(_OF_THE_LAW)}
