"""Acts on a caisse as a whole; within a platform scope. Other processes hear of them at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tenants import revisions
from tenants.errors import CaisseNotReady, CaisseUnknown
from tenants.models import Caisse

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from tenants.reference import CaisseRef
    from tenants.registration import Listing


def get_caisse_by_slug(slug: str) -> Caisse:
    """Return a caisse's row. Raises ``CaisseUnknown``."""
    found: Caisse | None = Caisse.objects.filter(slug=slug).first()
    if found is None:
        raise CaisseUnknown(caisse=slug)
    return found


def list_caisses() -> list[Caisse]:
    """Return all caisses by slug, whatever their state."""
    return list(Caisse.objects.order_by("slug"))


def suspend_caisse(*, actor: Actor, caisse: CaisseRef, reason: str) -> None:
    """Close the caisse's portal; its data stays. Repeatable."""
    _change_state(caisse, Caisse.States.SUSPENDED, f"{actor.name}: {reason}"[:500])


def resume_caisse(*, actor: Actor, caisse: CaisseRef) -> None:
    """Open a suspended caisse's portal again. Repeatable."""
    _change_state(caisse, Caisse.States.ACTIVE, f"{actor.name}"[:500])


def list_caisse_in_directory(*, caisse: CaisseRef, listing: Listing) -> None:
    """Set what the platform's directory shows of a caisse. Repeatable; announced only when something differs."""
    values = asdict(listing)
    if Caisse.objects.filter(pk=caisse.id).exclude(**values).update(**values):
        revisions.bump(revisions.HOSTS)


def _change_state(caisse: CaisseRef, state: str, reason: str) -> None:
    ready = Caisse.objects.filter(pk=caisse.id).exclude(state=Caisse.States.PROVISIONING)
    if not ready.update(state=state, state_reason=reason):
        raise CaisseNotReady(slug=caisse.slug)
    revisions.bump(revisions.HOSTS)
