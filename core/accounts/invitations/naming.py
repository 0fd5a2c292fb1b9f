"""Sign-in names of people who are invited by letter: issued where the caisse's people sign in by no e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.invitations.steps import NAMED_LATER, WAITING
from core.accounts.models import Membership, User
from core.accounts.names import company_name, find_kind, issue_name, make_user_number
from core.accounts.numbers import read_person_number
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel.identifiers import new_id
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from core.accounts.models import Party


def name_waiting(parties: Sequence[Party]) -> dict[UUID, str]:
    """Return under which name somebody waits for each of these parties, within the open scope; two queries at most.

    A number is hers from the beginning. Who signs in by her e-mail, or as a delegate by her own name, gets that later.
    """
    names = {party.id: _name(party) for party in parties}
    taken = set(User.objects.filter(sign_in_name__in=names.values()).values_list("sign_in_name", flat=True))
    return {party_id: make_user_number() if name in taken else name for party_id, name in names.items()}


def name_delegate(*, user: User, family_name: str) -> str:
    """Return the name of a company's delegate who has said who she is, within the open scope."""
    place = Membership.objects.filter(user=user, ended_at__isnull=True).select_related("party").first()
    if place is None:
        return issue_name()
    return issue_name(wanted=company_name(place.party.number or place.party.enterprise_number, family_name))


def is_issued(name: str) -> bool:
    """Whether somebody has a sign-in name that the caisse gave her, and that she cannot know by herself."""
    return "@" not in name and not name.startswith((WAITING, NAMED_LATER))


def _name(party: Party) -> str:
    number = party.number or party.enterprise_number
    kind = find_kind(current_caisse(), party.kind, has_number=bool(number))
    if kind == "user_id":
        return make_user_number()
    if kind == "insured":
        jurisdiction = configuration.get(current_caisse(), LocaleSection).jurisdiction
        return read_person_number(jurisdiction, number) or make_user_number()
    return f"{NAMED_LATER if kind == 'company' else WAITING}{new_id()}"
