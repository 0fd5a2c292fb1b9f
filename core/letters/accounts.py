"""The accounts that letters open: for each party somebody who waits, her place in it, and a code, made by the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from core.accounts.invitations.codes import hash_code
from core.accounts.invitations.naming import name_waiting
from core.accounts.invitations.sending import BLANK
from core.accounts.models import Activation, Mandate, Membership, User
from core.accounts.policy import caisse_language, caisse_today
from core.kernel import clock
from core.letters.texts import PERSONS
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from core.accounts.invitations.sending import Kind
    from core.accounts.models import Party
    from core.kernel.actors import Actor
    from core.letters.sheets import Sheet


def kind_of(party: Party) -> Kind:
    """Return as what somebody is invited for a party."""
    return "person" if party.kind in PERSONS else "member"


def find_waiting(parties: Sequence[Party]) -> dict[UUID, User]:
    """Return who waits already for her access to each of these parties; one query."""
    ids = [party.id for party in parties]
    places = Membership.objects.filter(party_id__in=ids, ended_at__isnull=True, user__state="invited")
    return {place.party_id: place.user for place in places.select_related("user").order_by("-created_at")}


def list_with_access(parties: Sequence[Party]) -> set[UUID]:
    """Return for which of these parties somebody has an access by now; one query."""
    inside = Membership.objects.filter(party_id__in=[party.id for party in parties], ended_at__isnull=True)
    return set(inside.exclude(user__state="invited").values_list("party_id", flat=True))


def plan_names(parties: Sequence[Party]) -> dict[UUID, str]:
    """Return under which name somebody waits, or will, for each of these parties, within the open scope."""
    found = find_waiting(parties)
    made = name_waiting([party for party in parties if party.id not in found])
    return {party_id: user.sign_in_name for party_id, user in found.items()} | made


def make_waiting(
    *, actor: Actor, parties: Sequence[Party], names: Mapping[UUID, str] | None = None
) -> dict[UUID, User]:
    """Make an account that waits, and its place, for each party that has none; return all of them by party.

    ``names`` are those of ``plan_names``, where they stand on paper already.
    """
    found = find_waiting(parties)
    lacking = [party for party in parties if party.id not in found]
    now, today = clock.now(), caisse_today(current_caisse())
    called = name_waiting(lacking) if names is None else names
    users = {party.id: _user_of(party, called[party.id]) for party in lacking}
    User.objects.bulk_create(users.values())
    _let_act_for_themselves(lacking, today)
    Membership.objects.bulk_create(
        Membership(
            user=users[party.id],
            party=party,
            role="administrator",
            valid_from=today,
            created_at=now,
            created_by=actor.user_id,
        )
        for party in lacking
    )
    return {**found, **users}


def _let_act_for_themselves(parties: Sequence[Party], today: date) -> None:
    """Give each party that has none the mandate by which it acts for itself."""
    own = Mandate.objects.filter(for_party__in=parties, basis="self", state="accepted")
    having, now = set(own.values_list("for_party_id", flat=True)), clock.now()
    Mandate.objects.bulk_create(
        Mandate(
            acting_party=party,
            for_party=party,
            basis="self",
            may_act=True,
            valid_from=today,
            state="accepted",
            asked_at=now,
            answered_at=now,
        )
        for party in parties
        if party.id not in having
    )


def make_activations(
    *, actor: Actor, sheets: Mapping[UUID, Sheet], users: Mapping[UUID, User], kinds: Mapping[UUID, str]
) -> dict[UUID, Activation]:
    """Make a code's row for each party; earlier codes of these people stop working. Returns the rows by party."""
    now = clock.now()
    earlier = Activation.objects.filter(user_id__in=[user.id for user in users.values()])
    earlier = earlier.filter(used_at__isnull=True, revoked_at__isnull=True)
    earlier.update(revoked_at=now, revoked_by=actor.user_id, **BLANK)
    rows = {
        party_id: Activation(
            kind=kinds[party_id],
            user=users[party_id],
            code_hash=hash_code(sheet.code),
            way="letter",
            address=list(sheet.address[1:]),
            created_at=now,
            created_by=actor.user_id,
            expires_at=sheet.until,
        )
        for party_id, sheet in sheets.items()
    }
    Activation.objects.bulk_create(rows.values())
    return rows


def _user_of(party: Party, name: str) -> User:
    return User(
        sign_in_name=name,
        family_name=party.name[:100],
        language=caisse_language(current_caisse(), party.language),
        password=make_password(None),
        state="invited",
        created_at=clock.now(),
    )
