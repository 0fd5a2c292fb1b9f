"""The actor that a person is where she changes what is her own, whomever she acts for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.actors import Actor

if TYPE_CHECKING:
    from core.accounts.models import User


def actor_of(user: User) -> Actor:
    """Return a person as the actor of her own affairs."""
    return Actor(kind="party", name=user.name, user_id=user.id)
