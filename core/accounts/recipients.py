"""Who is told about a theme of a party: users who may read it and have a contact address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts.models import Membership
from core.accounts.seats import list_seats

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to write to, in her language."""

    user_id: UUID
    address: str
    language: str


def list_recipients(party_id: UUID, theme: str, type_key: str = "") -> list[Recipient]:
    """Return the users of every company that may act for the party, each once, limited by their rights today."""
    memberships = Membership.objects.filter(
        ended_at__isnull=True, party__mandates_held__for_party_id=party_id, party__mandates_held__state="accepted"
    ).select_related("user")
    users = {membership.user_id: membership.user for membership in memberships}
    return [
        Recipient(user.id, user.contact_email, user.language)
        for user in users.values()
        if user.is_active and user.contact_email and _may_read(user.id, party_id, theme, type_key)
    ]


def _may_read(user_id: UUID, party_id: UUID, theme: str, type_key: str) -> bool:
    return any(
        theme in seat.rights and seat.rights[theme].read and (theme not in seat.types or type_key in seat.types[theme])
        for seat in list_seats(user_id, party_ids=[party_id])
    )
