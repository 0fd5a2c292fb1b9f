"""Beginning, saving and deleting what is not sent yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from core.accounts.models import Party
from core.catalogue.types import Kind
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.kernel.identifiers import new_id, new_readable_code
from core.messaging import checks, counters, rows, transitions
from core.messaging.assurance import check_acting
from core.messaging.errors import DraftConflict, NotEditable, NotReplaceable, TypeNotForParty
from core.messaging.models import Message
from core.messaging.states import BY_NAME, EDITABLE, State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.catalogue.types import MessageType
    from core.kernel.actors import Actor

REFERENCE_LENGTH = 8


def start_draft(
    *,
    actor: Actor,
    message_type: MessageType,
    party_id: UUID,
    payload: Mapping[str, Any] | None = None,
    substitutes: Message | None = None,
    channel: str = "portal",
) -> Message:
    """Begin a message; nobody on the other side sees it. Returns it with revision 1.

    With ``substitutes``, payload and rows of that message are copied, to be corrected and sent in
    its place. Raises ``not_found`` when the theme is not the actor's to see, ``not_permitted``
    when it is not hers to act in, ``message_type_other_kind``, ``not_replaceable``.
    """
    _check_may_begin(actor, message_type, party_id)
    if not Party.objects.filter(id=party_id, kind__in=message_type.party_kinds).exists():
        raise TypeNotForParty
    if substitutes:
        _check_replaceable(substitutes, message_type)
    entries = dict(substitutes.payload if substitutes else payload or {})
    message = create_message(
        message_type=message_type,
        party_id=party_id,
        actor=actor,
        kind=Kind.ANNOUNCEMENT,
        state=State.DRAFT,
        drafted_by="caisse" if actor.is_desk else "party",
        channel=channel,
        payload=entries,
        substitutes=substitutes,
        case_id=substitutes.case_id if substitutes else None,
        period=substitutes.period if substitutes else checks.period_named(message_type, entries),
    )
    if substitutes:
        rows.copy_all(source=substitutes, target=message)
    transitions.append_event(message=message, name="started", actor=actor, target=State.DRAFT, internal=True)
    if message.drafted_by == "party":
        counters.move(message, None, State.DRAFT)
    transitions.note_act(actor=actor, message=message, action="message_started")
    return message


def _check_may_begin(actor: Actor, message_type: MessageType, party_id: UUID) -> None:
    if not actor.may_read(message_type.theme) or not actor.covers(message_type.key):
        raise NotFound
    if not actor.may_act(message_type.theme) or not (actor.is_desk or actor.party_id == party_id):
        raise NotPermitted
    if not actor.is_desk:
        check_acting(actor, message_type)


def _check_replaceable(message: Message, by: MessageType) -> None:
    same = (message.type_key, message.type_version) == (by.key, by.version)
    if not same or message.state not in BY_NAME["supersede"].sources:
        raise NotReplaceable


def create_message(
    *,
    message_type: MessageType,
    party_id: UUID,
    actor: Actor,
    kind: Kind,
    state: State,
    case_id: UUID | None = None,
    **values: Any,
) -> Message:
    """Insert a message in its first state; the callers in this package add event and counter."""
    now = clock.now()
    message_id = new_id()
    return Message.objects.create(
        id=message_id,
        reference=new_readable_code(REFERENCE_LENGTH),
        case_id=case_id or message_id,
        party_id=party_id,
        theme=message_type.theme,
        type_key=message_type.key,
        type_version=message_type.version,
        kind=str(kind),
        state=str(state),
        created_at=now,
        created_by=actor.user_id,
        changed_at=now,
        changed_by=actor.user_id,
        changed_by_name=actor.signature(message_type.theme),
        acting_party_id=actor.acting_party_id,
        **values,
    )


def save_draft(*, actor: Actor, message: Message, revision: int, payload: Mapping[str, Any]) -> Message:
    """Keep the entries as typed, complete or not, and return the message with its new revision.

    ``revision`` is the one that the page was drawn from; if a colleague saved in between,
    ``draft_conflict`` names her and nothing is overwritten. Saving the same entries again changes nothing.
    """
    merged = {**message.payload, **payload}
    if merged == message.payload and revision == message.revision:
        return message
    return touch(
        actor=actor, message=message, revision=revision, payload=merged, period=checks.period_of(message, merged)
    )


def touch(*, actor: Actor, message: Message, revision: int, **changes: Any) -> Message:
    """Count one change of the contents, guarded by the revision that the caller last saw."""
    editable = Message.objects.filter(id=message.id, revision=revision, state__in=[str(state) for state in EDITABLE])
    changed = editable.update(
        revision=F("revision") + 1,
        changed_at=clock.now(),
        changed_by=actor.user_id,
        changed_by_name=actor.signature(message.theme),
        **changes,
    )
    current = Message.objects.select_related("party").get(id=message.id)
    if changed:
        return current
    if current.state not in EDITABLE:
        raise NotEditable
    raise DraftConflict(name=current.changed_by_name)


def discard_draft(*, actor: Actor, message: Message) -> None:
    """Delete a draft: its contents are gone at once; that it existed stays in the audit trail."""
    transitions.apply(
        message=message,
        transition="discard",
        actor=actor,
        changes={"payload": {}, "summary": {}, "row_count": 0, "question": ""},
    )
    rows.remove_all(message)
    message.findings.all().delete()
    message.justifications.all().delete()
