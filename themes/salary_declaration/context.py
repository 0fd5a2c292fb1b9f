"""What the checks of a salary declaration need to know of the caisse: dated figures and thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.configuration import configuration
from core.configuration.sections import DeadlinesSection, LocaleSection
from core.messaging.checks import register_context
from core.parameters import book

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.scope import CaisseRef

TYPE_KEY = "salary_declaration.annual"


def bind() -> None:
    """Add this context to the checks of the yearly declaration."""
    register_context(TYPE_KEY, build)


def build(caisse: CaisseRef, _period: str, _payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain data; costs no query."""
    locale = configuration.get(caisse, LocaleSection)
    deadlines = configuration.get(caisse, DeadlinesSection)
    return {
        "parameters": book.snapshot(locale.jurisdiction, caisse=caisse),
        "branch_numbers": [locale.institution_number] if locale.institution_number else [],
        "schema_folder": settings.ELM_SCHEMA_DIR,
        "wage_change_percent": deadlines.wage_change_percent,
        "wage_change_amount": deadlines.wage_change_amount,
    }
