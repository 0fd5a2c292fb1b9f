"""Reading ends: all of one party, and what stands for her now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from core.accounts.models import ApiToken, Mandate, Membership, Party, PartyEnding

if TYPE_CHECKING:
    from uuid import UUID

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Held:
    """What ends with a party's access: users' places, mandates given and held, programs' accesses."""

    users: int
    mandates: int
    tokens: int


def list_endings(party: Party) -> list[PartyEnding]:
    """Return the newest ends of a party, whatever became of them; one query."""
    found = list(PartyEnding.objects.filter(party_id=party.id).order_by("-created_at", "-id")[:SHOWN])
    for one in found:
        one.party = party
    return found


def list_standing(party_id: UUID) -> list[PartyEnding]:
    """Return what is announced or running for a party, by its day; one query."""
    standing = PartyEnding.objects.filter(party_id=party_id, state__in=("announced", "running"))
    return list(standing.order_by("takes_effect_on", "id"))


def has_died(party: Party) -> bool:
    """Whether a person's death was entered; one query."""
    return PartyEnding.objects.filter(party_id=party.id, kind="death", state="done").exists()


def list_left_alone(party: Party) -> list[Party]:
    """Return the companies that have no administrator any more since this person died; one query."""
    users = Membership.objects.filter(party_id=party.id, end_reason="death").values("user_id")
    held = Membership.objects.filter(user_id__in=users, role="administrator", end_reason="death")
    kept = Membership.objects.filter(party=OuterRef("id"), role="administrator", ended_at__isnull=True)
    companies = Party.objects.filter(id__in=held.values("party_id")).exclude(id=party.id).exclude(state="ended")
    return list(companies.exclude(Exists(kept)).order_by("number", "id")[:SHOWN])


def count_held(party: Party) -> Held:
    """Return how much ends with a party's access today; three queries."""
    mandates = Mandate.objects.filter(Q(for_party_id=party.id) | Q(acting_party_id=party.id)).exclude(basis="self")
    tokens = ApiToken.objects.filter(Q(party_id=party.id) | Q(acting_party_id=party.id), revoked_at__isnull=True)
    return Held(
        users=Membership.objects.filter(party_id=party.id, ended_at__isnull=True).count(),
        mandates=mandates.filter(state__in=("asked", "accepted")).count(),
        tokens=tokens.count(),
    )


def list_closed_for(user_id: UUID) -> list[PartyEnding]:
    """Return why the parties for whom a user had a place are closed to her, the newest first; one query."""
    places = Membership.objects.filter(user_id=user_id).values("party_id")
    closed = Q(party__state="suspended", kind="suspension", state="running") | Q(party__state="ended", state="done")
    found = PartyEnding.objects.filter(closed, party_id__in=places, themes__isnull=True).exclude(kind="death")
    return list(found.select_related("party").order_by("-takes_effect_on", "-id")[:SHOWN])
