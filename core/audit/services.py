"""Writing audit entries; always within the caller's scope, so that act and entry commit together."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from core.audit.models import Entry
from core.kernel import clock
from core.kernel.telemetry import request_id, whence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar

LONGEST_NAME = 200
# Entries about somebody's own access say from where, so that she recognises what was not she.
ABOUT_ACCESS = "user"
_ONCE = UUID("5f1c7a52-6d0e-5b7e-9a53-0d1f3c1b7e21")
_NOTHING: Mapping[str, Scalar] = MappingProxyType({})


def record_once(
    *,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID,
    on: date,
    for_party_id: UUID,
    data: Mapping[str, Scalar] = _NOTHING,
) -> None:
    """Add an entry unless this person has one of the same action and object on that day; one statement."""
    same = f"{action}|{actor.user_id}|{object_type}|{object_id}|{on}"
    entry = Entry(
        id=uuid5(_ONCE, same),
        at=clock.now(),
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        actor_kind=actor.kind,
        actor_name=actor.name,
        user_id=actor.user_id,
        token_id=actor.token_id,
        for_party_id=for_party_id,
        assurance_level=actor.assurance_level,
        request_id=request_id.get(),
        data=dict(data),
    )
    Entry.objects.bulk_create([entry], ignore_conflicts=True)


def record(
    *,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID | str | None,
    data: Mapping[str, Scalar] = _NOTHING,
    for_party_id: UUID | None = None,
) -> None:
    """Add one entry. ``action`` is a past-tense event name such as ``message_sent``.

    ``for_party_id`` defaults to the party for whom the actor acts.
    """
    Entry.objects.create(
        at=clock.now(),
        action=action,
        object_type=object_type,
        object_id=str(object_id or ""),
        actor_kind=actor.kind,
        actor_name=actor.signature(str(data.get("theme", "")))[:LONGEST_NAME],
        user_id=actor.user_id,
        token_id=actor.token_id,
        acting_party_id=actor.acting_party_id,
        for_party_id=for_party_id or actor.party_id,
        assurance_level=actor.assurance_level,
        request_id=request_id.get(),
        data={**(whence.get() if object_type == ABOUT_ACCESS else {}), **data},
    )
