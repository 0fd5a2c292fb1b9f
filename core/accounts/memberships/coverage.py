"""Who in a company could do somebody's work: the places in which nobody else may act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.memberships.selectors import list_colleagues
from core.accounts.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def find_only_hers(
    user_id: UUID, company_id: UUID, places: Iterable[tuple[str, UUID]], *, apart: UUID | None = None
) -> set[tuple[str, UUID]]:
    """Return those places, a theme and for whom, in which a user of a company may act and no colleague may.

    ``apart`` is a user who is not counted among the colleagues: who is to take over.
    """
    hers = Membership.objects.filter(
        user_id=user_id, party_id=company_id, ended_at__isnull=True, substitute_for__isnull=True
    ).first()
    if hers is None:
        return set()
    others = [one for one in list_colleagues(company_id, apart=hers.id) if one.user_id not in {user_id, apart}]
    return {
        (theme, party_id)
        for theme, party_id in places
        if covers(hers, theme, party_id) and not any(covers(one, theme, party_id) for one in others)
    }


def covers(member: Membership, theme: str, party_id: UUID | None = None) -> bool:
    """Whether a place lets somebody act in a theme, and for that party where one is named."""
    if not member.may_act or (party_id is not None and member.clients is not None and party_id not in member.clients):
        return False
    return all(listed is None or theme in listed for listed in (member.themes, member.cap_themes))
