"""A message in each state, brought there by the product's own services where there is a way."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.catalogue.types import Kind
from core.kernel import clock
from core.messaging import counters, desk, drafts, jobs, transitions
from core.messaging.models import Message
from core.messaging.states import State
from tests.support import mailbox

if TYPE_CHECKING:
    from core.kernel.actors import Actor

WITHOUT_A_WAY = (State.DELEGATED, State.DELIVERED)  # no room makes such messages yet


def reach(state: State, anne: Actor, elena: Actor) -> Message:
    """Return a new message in a state, within the open scope."""
    if state in WITHOUT_A_WAY:
        return mailbox.current(_place(state, anne))
    return mailbox.current(_REACH[state](anne, elena))


def _place(state: State, anne: Actor) -> Message:
    message_type = mailbox.type_of(mailbox.ENTRY)
    message = drafts.create_message(
        message_type=message_type, party_id=anne.party_id, actor=anne, kind=Kind.NOTICE, state=state
    )
    counters.move(message, None, state)
    return message


def _sent(anne: Actor, _elena: Actor) -> Message:
    return mailbox.sent(anne)


def _taken(anne: Actor, elena: Actor) -> Message:
    return desk.take_message(actor=elena, message=mailbox.sent(anne))


def _asked(anne: Actor, elena: Actor) -> Message:
    return desk.ask_back(actor=elena, message=_taken(anne, elena), question="Depuis quand ?")


def _replaced(anne: Actor, elena: Actor) -> Message:
    before = mailbox.sent(anne)
    after = drafts.start_draft(
        actor=anne, message_type=mailbox.type_of(before.type_key), party_id=anne.party_id, substitutes=before
    )
    mailbox.send(anne, after)
    return before


def _withdrawn(anne: Actor, _elena: Actor) -> Message:
    return transitions.apply(message=mailbox.sent(anne), transition="withdraw", actor=anne)


def _discarded(anne: Actor, _elena: Actor) -> Message:
    message = mailbox.draft(anne)
    drafts.discard_draft(actor=anne, message=message)
    return message


_REACH = {
    State.DRAFT: lambda anne, _elena: mailbox.draft(anne),
    State.OPEN: _asked,
    State.SENT: _sent,
    State.IN_TREATMENT: _taken,
    State.QUERIED: lambda anne, elena: _asked(anne, elena).in_reply_to,
    State.DONE: lambda anne, elena: desk.close_message(actor=elena, message=_taken(anne, elena)),
    State.REFUSED: lambda anne, elena: desk.refuse_message(actor=elena, message=_taken(anne, elena), reason="Non."),
    State.REPLACED: _replaced,
    State.WITHDRAWN: _withdrawn,
    State.DISCARDED: _discarded,
}


def recorded_draft(elena: Actor, party_id: object) -> Message:
    """Return what a clerk is recording from paper, checked, within the open scope."""
    message = desk.start_record(
        actor=elena,
        message_type=mailbox.type_of(mailbox.DUPLICATE),
        party_id=party_id,
        channel="letter",
        received_on=date(2026, 1, 5),
    )
    saved = drafts.save_draft(
        actor=elena, message=message, revision=message.revision, payload=mailbox.SOUND[mailbox.DUPLICATE]
    )
    return jobs.check_now(actor=elena, message=saved)


def stamps_of(transition: str) -> dict[str, object]:
    """Return what the caller of a transition adds of its own."""
    return {"sent_at": clock.now()} if transition in {"send", "record"} else {}
