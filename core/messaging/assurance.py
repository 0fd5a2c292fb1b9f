"""How strongly somebody must have proved who she is before she acts in a message, or reads one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.catalogue import offers, registry
from core.kernel.errors import AssuranceTooLow
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from core.catalogue.types import MessageType
    from core.kernel.actors import Actor
    from core.messaging.models import Message


def check_acting(actor: Actor, message_type: MessageType) -> None:
    """Raise ``AssuranceTooLow`` with the level that this type asks of a person, or of a program, at this caisse."""
    needed = offers.get_needed_level(current_caisse(), message_type, by_program=actor.token_id is not None)
    if actor.assurance_level < needed:
        raise AssuranceTooLow(needed=needed)


def check_reading(viewer: Actor, message: Message) -> None:
    """Raise ``AssuranceTooLow`` for who signed in by password alone, unless the caisse left the type to that."""
    if _is_weak(viewer):
        _check(offers.is_left_to_password(current_caisse(), registry.get_type(message.type_key, message.type_version)))


def check_reading_theme(viewer: Actor, slug: str) -> None:
    """The same for what belongs to a theme and to no message: some type of the theme must be left to a password."""
    if _is_weak(viewer):
        types = registry.get_theme(slug).message_types
        _check(any(offers.is_left_to_password(current_caisse(), one) for one in types))


def _is_weak(viewer: Actor) -> bool:
    return viewer.kind == "party" and viewer.token_id is None and viewer.assurance_level < offers.USUAL_LEVEL


def _check(is_left: bool) -> None:  # noqa: FBT001 -- a private question with one answer
    if not is_left:
        raise AssuranceTooLow(needed=offers.USUAL_LEVEL)
