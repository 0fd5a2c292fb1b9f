"""Exports of a caisse: who made one is known to the caisse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.transfer import telling

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef


def note_export(*, actor: Actor, caisse: CaisseRef, public_key: str) -> None:
    """Write into the caisse's audit trail that an export was made, and tell her administrators."""
    telling.tell(
        actor=actor,
        caisse=caisse,
        notice=telling.EXPORTED,
        fields={"operator": actor.name, "key": public_key},
        data={"public_key": public_key},
    )
