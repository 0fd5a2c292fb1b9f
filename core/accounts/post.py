"""Where a letter to a party goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.policy import caisse_country
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from core.accounts.models import Party


def postal_address(party: Party) -> tuple[str, ...]:
    """Return the lines of the address as printed, empty where it is not complete enough for a letter."""
    place = f"{party.postcode} {party.town}".strip()
    if not party.town or not (party.street or party.address_extra):
        return ()
    abroad = party.country if party.country != caisse_country(current_caisse()) else ""
    return tuple(filter(None, (party.name, party.address_extra, party.street, place, abroad)))
