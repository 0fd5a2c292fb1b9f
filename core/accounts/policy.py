"""What the caisse's configuration says about accounts, read from memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.catalogue.offers import list_open_themes
from core.configuration import configuration
from core.configuration.sections import LocaleSection, SignInSection
from core.kernel import clock

if TYPE_CHECKING:
    from datetime import date

    from tenants.scope import CaisseRef


def sign_in_policy(caisse: CaisseRef) -> SignInSection:
    """Return how people sign in here."""
    return configuration.get(caisse, SignInSection)


def caisse_today(caisse: CaisseRef) -> date:
    """Return the calendar date where the caisse is."""
    return clock.today(configuration.get(caisse, LocaleSection).time_zone)


def caisse_country(caisse: CaisseRef) -> str:
    """Return the country (ISO 3166) that a number without one belongs to."""
    return configuration.get(caisse, LocaleSection).country


def offered_themes(caisse: CaisseRef, employer: str | None = None) -> tuple[str, ...]:
    """Return the slugs of the themes open to an employer (by number), or to the caisse's own people."""
    return tuple(theme.slug for theme in list_open_themes(caisse, employer))
