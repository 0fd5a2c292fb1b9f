"""What the caisse's configuration says about accounts, read from memory."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from core.catalogue.offers import list_open_themes
from core.configuration import configuration
from core.configuration.registry import add_check
from core.configuration.sections import DeadlinesSection, LanguagesSection, LocaleSection, SignInSection
from core.kernel import clock
from core.kernel.text import N_
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import date, datetime

    from tenants.scope import CaisseRef


# Second factors that can be used so far, by their names in the section.
_installed: set[str] = set()


def register() -> None:
    """Look at each sign-in policy before it is applied."""
    add_check(SignInSection, find_closed_door)


def add_factor(name: str) -> None:
    """Say that a second factor can be used; done where it is made."""
    _installed.add(name)


def list_factors(policy: SignInSection) -> list[str]:
    """Return the second factors that people may use here, in the caisse's order."""
    return [name for name in policy.factors if name in _installed]


def find_closed_door(policy: SignInSection) -> list[str]:
    """Return why nobody could sign in: none of the factors named can be used in this installation yet."""
    if list_factors(policy):
        return []
    text = gettext(N_("With these alone nobody could sign in here. This installation has: %(known)s."))
    return [f"factors: {text % {'known': ', '.join(sorted(_installed))}}"]


def sign_in_policy(caisse: CaisseRef) -> SignInSection:
    """Return how people sign in here."""
    return configuration.get(caisse, SignInSection)


def caisse_today(caisse: CaisseRef) -> date:
    """Return the calendar date where the caisse is."""
    return clock.today(configuration.get(caisse, LocaleSection).time_zone)


def is_protected(day: date) -> bool:
    """Whether the day lies in the season in which the caisse of the open scope has nothing paused."""
    return configuration.get(current_caisse(), DeadlinesSection).is_protected(day)


def caisse_now(caisse: CaisseRef, moment: datetime) -> datetime:
    """Return a moment on the clock of the caisse's place."""
    return moment.astimezone(ZoneInfo(configuration.get(caisse, LocaleSection).time_zone))


def caisse_day(caisse: CaisseRef, moment: datetime) -> date:
    """Return the calendar date of a moment where the caisse is: after 22 or 23 o'clock UTC it is the next."""
    return caisse_now(caisse, moment).date()


def caisse_language(caisse: CaisseRef, wanted: str) -> str:
    """Return the language if the caisse writes in it, else the caisse's first."""
    section = configuration.get(caisse, LanguagesSection)
    return wanted if wanted in section.languages else section.default


def caisse_country(caisse: CaisseRef) -> str:
    """Return the country (ISO 3166) that a number without one belongs to."""
    return configuration.get(caisse, LocaleSection).country


def offered_themes(caisse: CaisseRef, employer: str | None = None) -> tuple[str, ...]:
    """Return the slugs of the themes open to an employer (by number), or to the caisse's own people."""
    return tuple(theme.slug for theme in list_open_themes(caisse, employer))
