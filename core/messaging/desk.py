"""What the caisse does with a message: take, hand over, ask back, decide, close, record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.accounts.staff.selectors import treats
from core.audit.services import record
from core.catalogue import registry
from core.catalogue.types import Kind
from core.declare.display import show_date
from core.kernel.errors import NotFound, NotPermitted
from core.messaging import counters, drafts, rows, signals, transitions
from core.messaging.desk_guards import is_open_to, open_to_clerk
from core.messaging.desk_settings import today_at_desk
from core.messaging.errors import (
    ColleagueKeptOut,
    ColleagueOtherThemes,
    DeskOnly,
    QuestionMissing,
    ReasonMissing,
    SnoozeDate,
    TransitionNotAllowed,
)
from core.messaging.models import Message
from core.messaging.states import AT_THE_DESK, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from core.catalogue.types import MessageType
    from core.kernel.actors import Actor
    from core.messaging.models import Proposal


LONGEST_SNOOZE = timedelta(days=366)


def take_message(*, actor: Actor, message: Message) -> Message:
    """Take a sent message into one's own hands."""
    return transitions.apply(message=message, transition="take", actor=actor, changes=_in_hands_of(actor))


def assign_message(*, actor: Actor, message: Message, user_id: UUID, name: str) -> Message:
    """Hand a message at the desk to a colleague; its state stays."""
    check_desk(actor, message)
    if not open_to_clerk(user_id, Message.objects.filter(id=message.id)).exists():
        raise ColleagueKeptOut
    if not treats(user_id, message.theme):
        raise ColleagueOtherThemes
    _change_at_desk(message, assigned_to=user_id, assigned_name=name, snoozed_until=None)
    _note(actor, message, "assigned", data={"to": name}, note=name)
    return Message.objects.select_related("party").get(id=message.id)


def snooze_message(*, actor: Actor, message: Message, until: date | None) -> Message:
    """Take a case out of the queue until a later day, on which it is back by itself."""
    check_desk(actor, message)
    today = today_at_desk()
    if until is None or not today < until <= today + LONGEST_SNOOZE:
        raise SnoozeDate
    _change_at_desk(message, snoozed_until=until)
    _note(actor, message, "snoozed", data={"until": until.isoformat()}, note=show_date(until))
    return Message.objects.select_related("party").get(id=message.id)


def wake_message(*, actor: Actor, message: Message) -> Message:
    """Put a case that was set aside back into the queue now."""
    check_desk(actor, message)
    _change_at_desk(message, snoozed_until=None)
    _note(actor, message, "woken")
    return Message.objects.select_related("party").get(id=message.id)


def _change_at_desk(message: Message, **values: Any) -> None:
    """Change what only the desk knows of a case, as long as it lies there."""
    at_desk = Message.objects.filter(id=message.id, state__in=[str(state) for state in AT_THE_DESK])
    if not at_desk.update(**values):
        raise TransitionNotAllowed


def _note(actor: Actor, message: Message, step: str, *, note: str = "", data: dict[str, str] | None = None) -> None:
    transitions.append_event(message=message, name=step, actor=actor, data=data, note=note, internal=True)
    record(
        actor=actor,
        action=f"message_{step}",
        object_type="message",
        object_id=message.id,
        for_party_id=message.party_id,
        data={"theme": message.theme},
    )


def ask_back(
    *,
    actor: Actor,
    message: Message,
    question: str,
    pointers: Sequence[dict[str, Any]] = (),
    due_on: date | None = None,
) -> Message:
    """Ask the party, and return the request that now lies in her Inbox.

    The request is of the same type, holds a copy of payload and rows to be corrected, and points
    at ``pointers``: ``[{"row": 17, "field": "avs_number"}, ...]``. Its answer replaces the asked message.
    """
    text = question.strip()
    if not text:
        raise QuestionMissing
    asked = transitions.apply(message=message, transition="ask_back", actor=actor, note=text)
    request = _copy_as_request(actor, asked, question=text, pointers=list(pointers), due_on=due_on)
    rows.copy_all(source=asked, target=request)
    counters.move(request, None, State.OPEN)
    transitions.append_event(message=request, name="requested", actor=actor, target=State.OPEN, note=text)
    transitions.note_act(actor=actor, message=request, action="message_requested")
    signals.announce("requested", request, actor)
    return Message.objects.select_related("party").get(id=request.id)


def _copy_as_request(actor: Actor, asked: Message, **wanted: Any) -> Message:
    """Return a new request to the party, of the same type and with a copy of the entries."""
    return drafts.create_message(
        message_type=registry.get_type(asked.type_key, asked.type_version),
        party_id=asked.party_id,
        actor=actor,
        kind=Kind.REQUEST,
        state=State.OPEN,
        drafted_by="party",
        case_id=asked.case_id,
        payload=dict(asked.payload),
        summary=dict(asked.summary),
        period=asked.period,
        in_reply_to=asked,
        assigned_to=actor.user_id,
        assigned_name=actor.name,
        **wanted,
    )


def cancel_question(*, actor: Actor, message: Message) -> Message:
    """Take an unanswered question back and go on with the message that was asked about."""
    request = message.answers.filter(state=str(State.OPEN)).select_related("party").first()
    if request is not None:
        transitions.apply(message=request, transition="cancel_question", actor=actor)
    return transitions.apply(message=message, transition="resume", actor=actor)


def close_message(*, actor: Actor, message: Message, note: str = "", confirmed: Proposal | None = None) -> Message:
    """Finish a case; it moves to the party's Completed."""
    return transitions.apply(message=message, transition="close", actor=actor, note=note.strip(), confirmed=confirmed)


def refuse_message(*, actor: Actor, message: Message, reason: str, confirmed: Proposal | None = None) -> Message:
    """Close a case without following it; the party reads the reason."""
    text = reason.strip()
    if not text:
        raise ReasonMissing
    return transitions.apply(message=message, transition="refuse", actor=actor, note=text, confirmed=confirmed)


def note_decision(
    *,
    actor: Actor,
    message: Message,
    document_id: UUID,
    title: str,
    way: str = "electronic",
    confirmed: Proposal | None = None,
) -> None:
    """Add the step "decision published" once its document lies in the dossier; ``way`` says how it is delivered."""
    check_desk(actor, message)
    transitions.check_confirmed(actor=actor, message=message, confirmed=confirmed)
    transitions.append_event(
        message=message,
        name="decision_published",
        actor=actor,
        data={"document_id": str(document_id), "title": title, "delivery": way},
    )
    record(
        actor=actor,
        action="decision_published",
        object_type="document",
        object_id=document_id,
        for_party_id=message.party_id,
        data={"delivery": way},
    )
    signals.announce("decision_published", message, actor)


def start_record(
    *, actor: Actor, message_type: MessageType, party_id: UUID, channel: str, received_on: date
) -> Message:
    """Begin recording what came by letter, phone or mail; the party sees it once it is recorded."""
    if not actor.is_desk:
        raise DeskOnly
    if not is_open_to(actor, party_id):
        raise NotFound
    message = drafts.start_draft(actor=actor, message_type=message_type, party_id=party_id, channel=channel)
    Message.objects.filter(id=message.id).update(received_on=received_on)
    return Message.objects.select_related("party").get(id=message.id)


def _in_hands_of(actor: Actor) -> dict[str, Any]:
    return {"assigned_to": actor.user_id, "assigned_name": actor.name, "snoozed_until": None}


def check_desk(actor: Actor, message: Message) -> None:
    """Refuse who is not at the desk, or may not act in the message's theme."""
    if not actor.is_desk:
        raise DeskOnly
    if not actor.may_act(message.theme):
        raise NotPermitted
