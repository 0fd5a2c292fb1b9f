"""Reading ends: all of one party, and what stands for her now."""

from __future__ import annotations

from core.accounts.models import Party, PartyEnding

SHOWN = 50


def list_endings(party: Party) -> list[PartyEnding]:
    """Return the newest ends of a party, whatever became of them; one query."""
    found = list(PartyEnding.objects.filter(party_id=party.id).order_by("-created_at", "-id")[:SHOWN])
    for one in found:
        one.party = party
    return found


def list_standing(party: Party) -> list[PartyEnding]:
    """Return what is announced or running for a party, by its day; one query."""
    standing = PartyEnding.objects.filter(party_id=party.id, state__in=("announced", "running"))
    return list(standing.order_by("takes_effect_on", "id"))
