"""Taking an access into an account that exists: who signs in here already needs no second one for a letter's party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.invitations.errors import AccountNotFitting, ActivationTaken
from core.accounts.invitations.opening import open_rows
from core.accounts.invitations.sending import BLANK
from core.accounts.invitations.texts import ACCESS_JOINED
from core.accounts.models import Membership, User
from core.accounts.telling import tell_owner
from core.audit.services import record
from core.kernel import clock
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.models import Activation
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

REASON = "joined another account"


def may_join(activation: Activation) -> bool:
    """Whether what waits is a new access, not somebody who is enrolled anew or works for the caisse."""
    return activation.kind != "staff" and activation.user.state_changed_at is None


def list_parties(*, caisse: CaisseRef, activation: Activation) -> list[str]:
    """Return the names of the parties for which the letter opens an access."""
    with tenant_transaction(caisse):
        return list(_places(activation.user_id).order_by("party__name").values_list("party__name", flat=True))


def join_with_account(*, actor: Actor, caisse: CaisseRef, activation: Activation, user: User) -> None:
    """Use the activation up and give its places to an account that signs in here already, in one commit.

    What the terms ask of her she is asked on the party's first page. Raises ``account_not_fitting`` for who is
    enrolled anew, ``activation_taken`` where somebody was quicker with the same code.
    """
    if not may_join(activation):
        raise AccountNotFitting
    now = clock.now()
    with tenant_transaction(caisse):
        if not open_rows(activation).update(used_at=now, address=[], **BLANK):
            raise ActivationTaken
        waiting = User.objects.filter(id=activation.user_id, state="invited")
        if not waiting.update(state="left", state_changed_at=now, state_reason=REASON):
            raise ActivationTaken
        _hand_over(actor, _places(activation.user_id).select_related("party"), user)
        tell_owner(ACCESS_JOINED, user)


def _hand_over(actor: Actor, places: Iterable[Membership], user: User) -> None:
    has = set(Membership.objects.filter(user=user, ended_at__isnull=True).values_list("party_id", flat=True))
    for place in places:
        held = Membership.objects.filter(id=place.id, ended_at__isnull=True)
        if place.party_id in has:
            held.update(ended_at=clock.now(), ended_by=user.id)
        else:
            held.update(user=user)
        record(
            actor=actor,
            action="activation_joined",
            object_type="user",
            object_id=user.id,
            for_party_id=place.party_id,
        )


def _places(user_id: UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(user_id=user_id, ended_at__isnull=True)
