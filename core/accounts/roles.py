"""The roles of one person: at the caisse's desk, for a company of hers, and as an insured person herself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Q

from core.accounts.models import Membership

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

Role = Literal["desk", "company", "person"]
PERSONS = frozenset({"insured", "self_employed"})


@dataclass(frozen=True, slots=True)
class OwnParty:
    """A party to which somebody belongs today, whatever it may do for others."""

    id: UUID
    name: str
    role: Role


def list_own_parties(user_id: UUID, day: date) -> list[OwnParty]:
    """Return them, herself first; one query, within the open scope."""
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    found = Membership.objects.filter(valid, user_id=user_id, ended_at__isnull=True, valid_from__lte=day)
    parties = found.exclude(party__state="ended").values_list("party_id", "party__name", "party__kind").distinct()
    own = [OwnParty(key, name, "person" if kind in PERSONS else "company") for key, name, kind in parties]
    return sorted(own, key=lambda one: (one.role != "person", one.name.casefold()))
