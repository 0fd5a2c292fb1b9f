"""Two parties with a mandate between them: at most one for a theme and a day, whoever writes at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from core.accounts.mandates.errors import MandateOverlaps
from core.accounts.mandates.telling import note
from core.accounts.models import Mandate, Party
from core.accounts.policy import caisse_today
from core.kernel import clock
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.mandates.terms import Terms
    from core.kernel.actors import Actor


def create_mandate(
    *, actor: Actor, acting: Party, represented: Party, basis: str, terms: Terms, document_id: UUID | None = None
) -> Mandate:
    """Let one party act for another from now on; raises ``mandate_overlaps``."""
    check_free(acting.id, represented.id, terms)
    now = clock.now()
    made = Mandate.objects.create(
        acting_party=acting,
        for_party=represented,
        basis=basis,
        state="accepted",
        asked_at=now,
        answered_at=now,
        answered_by=actor.user_id,
        document_id=document_id,
        reviewed_on=caisse_today(current_caisse()),
        **terms.values,
    )
    note(actor, "mandate_given", made, {"basis": basis, **terms.in_words})
    return made


def check_free(acting_id: UUID, for_id: UUID, terms: Terms, *, but: UUID | None = None) -> None:
    """Raise ``mandate_overlaps`` where the two have a mandate for one of these themes on one of these days.

    Whoever writes for the same represented party waits here for the other to commit, then sees its row.
    """
    Party.objects.select_for_update(no_key=True).get(id=for_id)
    standing = Mandate.objects.filter(acting_party_id=acting_id, for_party_id=for_id, state="accepted")
    if but is not None:
        standing = standing.exclude(id=but)
    same_days = Q(valid_until__isnull=True) | Q(valid_until__gte=terms.valid_from)
    if terms.valid_until is not None:
        same_days &= Q(valid_from__lte=terms.valid_until)
    same_themes = Q()
    if terms.themes is not None:
        same_themes = Q(themes__isnull=True) | Q(themes__overlap=list(terms.themes))
    if standing.filter(same_days, same_themes).exists():
        raise MandateOverlaps
