"""Getting at a caisse's row in the console; within a platform scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import NotFound
from tenants.models import Caisse

if TYPE_CHECKING:
    from core.kernel.actors import Actor


def access_caisse(viewer: Actor, caisse_id: str) -> Caisse:
    """Return a caisse, whatever its state; raises ``not_found`` for who is no operator."""
    found: Caisse | None = Caisse.objects.filter(pk=caisse_id).first() if viewer.kind == "operator" else None
    if found is None:
        raise NotFound
    return found
