"""The themes of this installation and their message types, by key and version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import NotFound

if TYPE_CHECKING:
    from core.catalogue.types import MessageType, Theme

_themes: dict[str, Theme] = {}
_types: dict[tuple[str, int], MessageType] = {}
_newest: dict[str, MessageType] = {}


class UnknownMessageType(NotFound):
    """This caisse does not offer this kind of message."""

    code = "unknown_message_type"


def register(theme: Theme) -> None:
    """Add a theme; a slug, or a message type's key and version, may be used once."""
    if _themes.get(theme.slug, theme) is not theme:
        message = f"theme {theme.slug!r} is declared twice"
        raise ValueError(message)
    _themes[theme.slug] = theme
    for message_type in theme.message_types:
        _register_type(theme, message_type)


def _register_type(theme: Theme, message_type: MessageType) -> None:
    if message_type.theme != theme.slug:
        message = f"message type {message_type.key!r} must begin with {theme.slug!r}"
        raise ValueError(message)
    _types[message_type.key, message_type.version] = message_type
    known = _newest.get(message_type.key)
    if known is None or known.version < message_type.version:
        _newest[message_type.key] = message_type


def list_all_themes() -> list[Theme]:
    """Return every installed theme in its declared order."""
    return sorted(_themes.values(), key=lambda theme: (theme.order, theme.slug))


def list_all_types() -> list[MessageType]:
    """Return every message type in every version that is still in the code."""
    return [_types[key] for key in sorted(_types)]


def get_theme(slug: str) -> Theme:
    """Return an installed theme, whether or not a caisse offers it."""
    try:
        return _themes[slug]
    except KeyError:
        raise UnknownMessageType from None


def get_type(key: str, version: int | None = None) -> MessageType:
    """Return a message type, the newest version unless one is named; running messages name theirs."""
    found = _newest.get(key) if version is None else _types.get((key, version))
    if found is None:
        raise UnknownMessageType
    return found
