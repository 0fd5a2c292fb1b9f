"""Acts on a caisse as a whole; within a platform scope. Other processes hear of them at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.kernel import clock
from tenants import revisions
from tenants.errors import CaisseNotReady, CaisseUnknown, SuspensionOver
from tenants.models import Caisse
from tenants.registration import check_may_change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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


def suspend_caisse(
    *,
    actor: Actor,
    caisse: CaisseRef,
    reason: str,
    texts: Mapping[str, str] | None = None,
    until: datetime | None = None,
) -> None:
    """Close the caisse's portal, desk, console and REST; its data stays, its outbox waits. Repeatable.

    ``reason`` is for operators; visitors read ``texts`` (by language). With ``until`` it opens again by
    itself. Raises ``CaisseNotReady``, ``SuspensionOver``.
    """
    if until is not None and until <= clock.now():
        raise SuspensionOver
    told = {language: text.strip() for language, text in (texts or {}).items() if text.strip()}
    _change_state(
        caisse,
        state=Caisse.States.SUSPENDED,
        state_reason=f"{actor.name}: {reason}"[:500],
        closed_texts=told,
        reopens_at=until,
    )


def resume_caisse(*, actor: Actor, caisse: CaisseRef) -> None:
    """Open a suspended caisse's portal again. Repeatable."""
    _change_state(
        caisse, state=Caisse.States.ACTIVE, state_reason=f"{actor.name}"[:500], closed_texts={}, reopens_at=None
    )


def resume_due(*, actor: Actor) -> list[CaisseRef]:
    """Open the caisses whose suspension has run out, and return them. Repeatable."""
    over = Caisse.objects.filter(state=Caisse.States.SUSPENDED, reopens_at__lte=clock.now())
    opened = [one.ref for one in over.order_by("slug") if _reopen(actor, one.ref)]
    if opened:
        revisions.bump(revisions.HOSTS)
    return opened


def _reopen(actor: Actor, caisse: CaisseRef) -> bool:
    """Open one caisse, unless an operator has given it a later end meanwhile."""
    over = Caisse.objects.filter(pk=caisse.id, state=Caisse.States.SUSPENDED, reopens_at__lte=clock.now())
    fresh: dict[str, Any] = {"state": Caisse.States.ACTIVE, "state_reason": actor.name[:500], "closed_texts": {}}
    return bool(over.update(**fresh, reopens_at=None))


def list_caisse_in_directory(*, caisse: CaisseRef, listing: Listing) -> None:
    """Set what the platform's directory shows of a caisse. Repeatable; announced only when something differs."""
    values = asdict(listing)
    if Caisse.objects.filter(pk=caisse.id).exclude(**values).update(**values):
        revisions.bump(revisions.HOSTS)


def _change_state(caisse: CaisseRef, **values: Any) -> None:
    check_may_change(caisse)
    ready = Caisse.objects.filter(pk=caisse.id).exclude(state=Caisse.States.PROVISIONING)
    if not ready.update(**values):
        raise CaisseNotReady(slug=caisse.slug)
    revisions.bump(revisions.HOSTS)
