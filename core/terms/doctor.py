"""What this room looks at in a caisse: whether the terms in force stand in every language of the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.declare.display import show_date
from core.kernel.text import N_
from core.terms import memory
from core.terms.models import TermsText
from core.terms.rules import in_force
from tenants import doctor
from tenants.doctor import Check, Finding
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from tenants.reference import CaisseRef


def register() -> None:
    """Add the check of this room."""
    doctor.register(Check("terms", N_("Terms of use"), _look_at_terms))


def _look_at_terms(caisse: CaisseRef) -> Finding:
    languages = configuration.get(caisse, LanguagesSection).languages
    versions = in_force(memory.list_published(caisse, "employer"), caisse_today(caisse))
    if versions is None:
        advice = N_("Publish them in the console; until then nobody is asked to accept anything.")
        return Finding("warning", N_("No terms for employers are in force."), advice)
    with tenant_transaction(caisse):
        texts = TermsText.objects.filter(version_id=versions.id)
        there = {text.language for text in texts if text.is_complete}
    if missing := [language for language in languages if language not in there]:
        advice = N_("Publish a new version with all languages that the portal offers.")
        return Finding("bad", N_("Missing in: %(languages)s."), advice, {"languages": ", ".join(missing)})
    day = show_date(versions.valid_from)
    return Finding("ok", N_("In force since %(day)s, in every language."), fields={"day": day})
