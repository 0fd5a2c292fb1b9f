"""What this room looks at in a caisse: stored settings, secrets, contrast, legal pages in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.configuration import configuration
from core.configuration.colours import READABLE, contrast
from core.configuration.errors import SecretUnreadable
from core.configuration.keeping import list_secrets
from core.configuration.sections import BrandingSection, LanguagesSection, LegalSection
from core.configuration.sections.appearance import PAPER
from core.kernel.text import N_
from tenants import doctor
from tenants.doctor import Check, Finding

if TYPE_CHECKING:
    from core.configuration.secret import Secret
    from tenants.reference import CaisseRef

LEGAL_PAGES = ("notice", "data_protection", "accessibility")


def register() -> None:
    """Add the checks of this room."""
    doctor.register(
        Check("configuration", N_("Settings"), _look_at_values),
        Check("secrets", N_("Secrets"), _look_at_secrets),
        Check("contrast", N_("Contrast of the colour"), _look_at_contrast),
        Check("legal", N_("Legal pages"), _look_at_legal_pages),
    )


def _look_at_values(caisse: CaisseRef) -> Finding:
    faults = configuration.load(caisse).faults
    if not faults:
        return Finding("ok", N_("Every stored value is valid."))
    advice = N_("Set them anew in the console; until then the platform's defaults hold.")
    return Finding("bad", N_("No longer valid: %(places)s."), advice, {"places": ", ".join(faults)})


def _look_at_secrets(caisse: CaisseRef) -> Finding:
    unreadable = [
        f"[{section.key}] {name}"
        for section in configuration.load(caisse).sections.values()
        for name, secret in list_secrets(section)
        if not _is_readable(secret)
    ]
    if not unreadable:
        return Finding("ok", N_("Every secret that is set can be read."))
    advice = N_("Enter them anew, or mend the file or variable that they refer to.")
    return Finding("bad", N_("Cannot be read: %(places)s."), advice, {"places": ", ".join(unreadable)})


def _is_readable(secret: Secret) -> bool:
    try:
        secret.reveal()
    except SecretUnreadable:
        return False
    return True


def _look_at_contrast(caisse: CaisseRef) -> Finding:
    found = contrast(configuration.get(caisse, BrandingSection).accent, PAPER)
    fields: dict[str, str | int] = {"found": f"{found:.1f}", "needed": str(READABLE)}
    if found >= READABLE:
        return Finding("ok", N_("%(found)s to 1, at least %(needed)s is needed."), fields=fields)
    return Finding("bad", N_("%(found)s to 1, at least %(needed)s is needed."), N_("Choose a darker colour."), fields)


def _look_at_legal_pages(caisse: CaisseRef) -> Finding:
    legal, languages = configuration.get(caisse, LegalSection), configuration.get(caisse, LanguagesSection).languages
    lacking = {page: [one for one in languages if not getattr(legal, page).get(one)] for page in LEGAL_PAGES}
    missing = [
        f"{gettext(LegalSection.model_fields[page].title or page)} ({', '.join(found)})"
        for page, found in lacking.items()
        if found
    ]
    if not missing:
        return Finding("ok", N_("Each is there in every language that the portal offers."))
    advice = N_("Write them in the console under Legal pages; whoever reads such a language finds another one.")
    return Finding("warning", N_("Missing: %(places)s."), advice, {"places": ", ".join(missing)})
