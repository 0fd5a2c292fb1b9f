"""What one caisse offers: the single place where the registry is filtered by configuration; costs no query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from core.catalogue import registry
from core.configuration import configuration
from core.configuration.sections import LocaleSection, ThemesSection
from core.configuration.speaking import choose_words
from core.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.catalogue.types import MessageType, Theme
    from tenants.scope import CaisseRef


# Two factors, where neither type nor caisse say otherwise.
USUAL_LEVEL = 2
_PROGRAMS = 1


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """What a caisse itself says about a theme."""

    introduction: str = ""
    contact: str = ""


def list_themes(caisse: CaisseRef) -> list[Theme]:
    """Return the themes that are on today, in the caisse's own order."""
    offered, today = configuration.get(caisse, ThemesSection), _today(caisse)
    return _sorted(offered, [theme for theme in registry.list_all_themes() if offered.is_on(theme.slug, today)])


def list_open_themes(caisse: CaisseRef, employer: str | None = None) -> list[Theme]:
    """Return the themes in which messages may be read and finished, those switched off among them.

    With an employer's number only those offered to it; without one, as the desk sees them.
    """
    offered, today = configuration.get(caisse, ThemesSection), _today(caisse)
    listed = [theme for theme in registry.list_all_themes() if offered.find(theme.slug)]
    if employer is not None:
        listed = [theme for theme in listed if offered.is_open_to(theme.slug, employer, today)]
    return _sorted(offered, listed)


def get_offered_type(caisse: CaisseRef, key: str) -> MessageType:
    """Return the newest version of a type that is offered today; anything else does not exist."""
    message_type = registry.get_type(key)
    if not _is_offered(configuration.get(caisse, ThemesSection), message_type, _today(caisse)):
        raise registry.UnknownMessageType
    return message_type


def list_startable_types(caisse: CaisseRef, by: str) -> list[MessageType]:
    """Return the types that ``"party"`` or ``"caisse"`` may start here today."""
    offered, today = configuration.get(caisse, ThemesSection), _today(caisse)
    return [
        registry.get_type(message_type.key)
        for theme in list_themes(caisse)
        for message_type in theme.message_types
        if by in message_type.started_by and _is_offered(offered, message_type, today)
    ]


def get_needed_level(caisse: CaisseRef, message_type: MessageType, *, by_program: bool = False) -> int:
    """Return the assurance level that a type asks for here, at least the type's own.

    Where the caisse says nothing a person needs two factors; a program's token proves what a password does.
    """
    own = _own_level(caisse, message_type)
    return max(message_type.min_assurance, own or (_PROGRAMS if by_program else USUAL_LEVEL))


def is_left_to_password(caisse: CaisseRef, message_type: MessageType) -> bool:
    """Whether the caisse left a type to people who sign in with a password alone."""
    return get_needed_level(caisse, message_type) < USUAL_LEVEL


def _own_level(caisse: CaisseRef, message_type: MessageType) -> int | None:
    return configuration.get(caisse, ThemesSection).rule_of(message_type.theme, message_type.key).assurance


def get_own_texts(caisse: CaisseRef, slug: str, language: str) -> OwnTexts:
    """Return the caisse's introduction and contact for a theme in a language, empty where it has none."""
    found = configuration.get(caisse, ThemesSection).find(slug)
    if found is None:
        return OwnTexts()
    return OwnTexts(found.introductions.get(language, ""), found.contacts.get(language, ""))


def name_theme(caisse: CaisseRef, slug: str) -> str:
    """Return the caisse's own name for a theme in the active language, else the theme's."""
    own = configuration.get(caisse, ThemesSection).name_of(slug, get_language() or "")
    return own or gettext(registry.get_theme(slug).title)


def list_change_texts(caisse: CaisseRef, slugs: Iterable[str]) -> list[str]:
    """Return what the caisse says on the change of these themes, in the active language, each text once."""
    section, language = configuration.get(caisse, ThemesSection), get_language() or ""
    offered = (section.find(slug) for slug in slugs)
    texts = (choose_words(caisse, one.news, language) for one in offered if one is not None)
    return list(dict.fromkeys(text for text in texts if text))


def find_misplaced_types(section: ThemesSection) -> list[str]:
    """Return what is wrong with a themes section: a message type that stands under another theme than its own."""
    return [
        f"offers.{place}.types.{number}.key: theme {offer.slug!r} has no message type {rule.key!r}"
        for place, offer in enumerate(section.offers)
        for number, rule in enumerate(offer.types)
        if rule.key.partition(".")[0] != offer.slug
    ]


def name_themes() -> dict[str, str]:
    """Return the marked name of every installed theme by its slug."""
    return {theme.slug: theme.title for theme in registry.list_all_themes()}


def name_types() -> dict[str, str]:
    """Return the marked name of every installed message type by its key, theme by theme."""
    return {one.key: one.title for theme in registry.list_all_themes() for one in theme.message_types}


def _is_offered(offered: ThemesSection, message_type: MessageType, today: date) -> bool:
    is_on = offered.is_on(message_type.theme, today)
    return is_on and offered.rule_of(message_type.theme, message_type.key).on


def _sorted(offered: ThemesSection, themes: list[Theme]) -> list[Theme]:
    return sorted(themes, key=lambda theme: (offered.order_of(theme.slug, theme.order), theme.slug))


def _today(caisse: CaisseRef) -> date:
    return clock.today(configuration.get(caisse, LocaleSection).time_zone)
