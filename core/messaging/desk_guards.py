"""Files that a clerk is kept from: her own, and flagged ones where she is not named. They do not exist for her."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db.models import Model

from core.accounts.models import Mandate, Party
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import InvalidInput, NotFound, NotPermitted
from core.messaging.models import PartyFlag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from core.kernel.actors import Actor

M = TypeVar("M", bound=Model)
REASON_LENGTH = 200
NOBODY = UUID(int=0)


class FlagIncomplete(InvalidInput):
    """Name at least one clerk who may see this file, and say why it is flagged."""

    code = "flag_incomplete"


def open_to(viewer: Actor, found: QuerySet[M], party: str = "party_id") -> QuerySet[M]:
    """Leave out what belongs to files that are closed to a clerk; costs no query of its own.

    ``party`` is the column that names the party. A party's own people are limited elsewhere, by their seats.
    """
    return open_to_clerk(viewer.user_id, found, party) if viewer.is_desk else found


def open_to_clerk(user_id: UUID | None, found: QuerySet[M], party: str = "party_id") -> QuerySet[M]:
    """Leave out what is closed to one clerk."""
    flagged = PartyFlag.objects.exclude(clerks__contains=[user_id or NOBODY])
    return found.exclude(**{f"{party}__in": _mandates_used_by(user_id).values("for_party_id")}).exclude(
        **{f"{party}__in": flagged.values("party_id")}
    )


def _mandates_used_by(user_id: UUID | None) -> QuerySet[Mandate]:
    # Whatever the dates: who was or will be the party's user is kept from its file as well.
    return Mandate.objects.filter(
        state="accepted",
        acting_party__memberships__user_id=user_id or NOBODY,
        acting_party__memberships__ended_at__isnull=True,
    )


def is_open_to(viewer: Actor, party_id: UUID | None) -> bool:
    """Whether the viewer may see this party's file at the desk; one query."""
    return party_id is not None and open_to(viewer, Party.objects.filter(id=party_id), "id").exists()


def is_own(viewer: Actor, party_id: UUID) -> bool:
    """Whether the viewer herself is a user of the party, through whatever company."""
    return _mandates_used_by(viewer.user_id).filter(for_party_id=party_id).exists()


def flag_party(*, actor: Actor, party_id: UUID, clerks: Iterable[UUID], reason: str) -> None:
    """Let only the clerks named see a party's file; an administrator decides, but not about her own."""
    _check_may_flag(actor, party_id)
    named, text = sorted(set(clerks), key=str), reason.strip()
    if not named or not 0 < len(text) <= REASON_LENGTH:
        raise FlagIncomplete
    PartyFlag.objects.update_or_create(
        party_id=party_id,
        defaults={"clerks": named, "reason": text, "at": clock.now(), "by_name": actor.name},
    )
    _note(actor, "party_flagged", party_id, clerks=len(named))


def unflag_party(*, actor: Actor, party_id: UUID) -> None:
    """Open a party's file to all clerks again."""
    _check_may_flag(actor, party_id)
    deleted, _by_model = PartyFlag.objects.filter(party_id=party_id).delete()
    if not deleted:
        raise NotFound
    _note(actor, "party_unflagged", party_id)


def _check_may_flag(actor: Actor, party_id: UUID) -> None:
    if not Party.objects.filter(id=party_id).exists() or is_own(actor, party_id):
        raise NotFound
    if "administrator" not in actor.roles:
        raise NotPermitted


def _note(actor: Actor, action: str, party_id: UUID, **data: int) -> None:
    record(actor=actor, action=action, object_type="party", object_id=party_id, for_party_id=party_id, data=data)
