"""What one caisse offers: the single place where the registry is filtered by configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.catalogue import registry
from core.configuration import configuration
from core.configuration.sections import ThemesSection

if TYPE_CHECKING:
    from core.catalogue.types import MessageType, Theme
    from tenants.scope import CaisseRef


def list_themes(caisse: CaisseRef) -> list[Theme]:
    """Return the themes that are on, in the caisse's own order; costs no query."""
    offered = configuration.get(caisse, ThemesSection)
    chosen = [theme for theme in registry.list_all_themes() if offered.is_on(theme.slug)]
    return sorted(chosen, key=lambda theme: (offered.order_of(theme.slug, theme.order), theme.slug))


def find_unknown_themes(section: ThemesSection) -> list[str]:
    """Return what is wrong with a themes section: a theme that is not installed here."""
    installed = {theme.slug for theme in registry.list_all_themes()}
    known = ", ".join(sorted(installed))
    return [
        f"offers: there is no theme {offer.slug!r}; installed are {known}"
        for offer in section.offers
        if offer.slug not in installed
    ]


def get_offered_type(caisse: CaisseRef, key: str) -> MessageType:
    """Return the newest version of a type whose theme is on; anything else does not exist."""
    message_type = registry.get_type(key)
    if not configuration.get(caisse, ThemesSection).is_on(message_type.theme):
        raise registry.UnknownMessageType
    return message_type


def list_startable_types(caisse: CaisseRef, by: str) -> list[MessageType]:
    """Return the types that ``"party"`` or ``"caisse"`` may start here."""
    return [
        registry.get_type(message_type.key)
        for theme in list_themes(caisse)
        for message_type in theme.message_types
        if by in message_type.started_by
    ]
