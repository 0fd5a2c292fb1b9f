"""Sending: the last checks, the transition, and the receipt, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.accounts.models import Party
from core.catalogue import registry
from core.catalogue.types import Kind, Signature
from core.documents.selectors import list_documents_of_message
from core.kernel import clock
from core.messaging import desk_indexing, receipts, transitions
from core.messaging.desk_settings import treat_by
from core.messaging.errors import (
    ConfirmationMissing,
    FindingsOpen,
    NotChecked,
    NothingToSend,
    PeriodAlreadyDeclared,
    TransitionNotAllowed,
)
from core.messaging.findings import count_open_findings
from core.messaging.models import Message
from core.messaging.states import AT_THE_DESK, BY_NAME, State
from core.outbox.services import enqueue
from core.terms.answering import require_accepted

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.messaging.models import Receipt


def send_message(*, actor: Actor, message: Message, revision: int, confirmed: bool, language: str) -> Receipt:
    """Send a draft, or the answer to a request, and return its receipt.

    A message that this actor's side has already sent answers with the first receipt again, so a
    repeated click or call does no harm. Raises ``not_checked``, ``findings_open``,
    ``nothing_to_send``, ``confirmation_missing``, ``period_already_declared``,
    ``terms_not_accepted`` (all before anything changes) or ``transition_not_allowed``.
    """
    if existing := receipts.find_receipt(message):
        return existing
    transitions.check_right(actor=actor, way=BY_NAME["send"], message=message)
    require_accepted(actor)
    _check_ready(message, revision, confirmed=confirmed)
    now = clock.now()
    try:
        sent = transitions.apply(
            message=message,
            transition="send",
            actor=actor,
            guard={"revision": revision},
            changes=_sent_by(actor, message.theme, now),
            data={"reference": message.reference},
        )
    except TransitionNotAllowed:
        # The other of two clicks at the same moment has just committed: its receipt is the answer to both.
        if existing := receipts.find_receipt(message):
            return existing
        raise
    _replace_predecessor(sent, actor)
    return _seal(sent, actor, language)


def record_message(*, actor: Actor, message: Message, revision: int, language: str) -> Receipt:
    """Put what came by letter, phone or mail into the party's Sent, recorded by the caisse."""
    transitions.check_right(actor=actor, way=BY_NAME["record"], message=message)
    _check_ready(message, revision, confirmed=True)
    now = clock.now()
    recorded = transitions.apply(
        message=message,
        transition="record",
        actor=actor,
        guard={"revision": revision},
        changes=_sent_by(actor, message.theme, now),
        data={"channel": message.channel},
    )
    _replace_predecessor(recorded, actor)
    return _seal(recorded, actor, language)


def _sent_by(actor: Actor, theme: str, now: Any) -> dict[str, Any]:
    return {
        "sent_at": now,
        "sent_by": actor.user_id,
        "sent_by_name": actor.signature(theme),
        "acting_party_id": actor.acting_party_id,
        "treat_by": treat_by(),
    }


def _check_ready(message: Message, revision: int, *, confirmed: bool) -> None:
    message_type = registry.get_type(message.type_key, message.type_version)
    if message.checked_revision != message.revision or revision != message.revision:
        raise NotChecked
    if message_type.rows and not message.row_count and not _is_nil(message):
        raise NothingToSend
    blocking, unjustified = count_open_findings(message)
    if blocking or unjustified:
        raise FindingsOpen(blocking=blocking, unjustified=unjustified)
    if message_type.signature is Signature.CONFIRMATION and not confirmed:
        raise ConfirmationMissing
    if message_type.once_per_period:
        _check_period(message)


def _is_nil(message: Message) -> bool:
    message_type = registry.get_type(message.type_key, message.type_version)
    return bool(message_type.nil_field and message.payload.get(message_type.nil_field) in (True, "true"))


def _check_period(message: Message) -> None:
    # Of two declarations sent at the same moment the second waits here, then sees the first.
    Party.objects.select_for_update(no_key=True).get(id=message.party_id)
    predecessor = _find_predecessor(message)
    standing = Message.objects.filter(
        party_id=message.party_id,
        type_key=message.type_key,
        period=message.period,
        state__in=[*map(str, AT_THE_DESK), str(State.DONE)],
    )
    if set(standing.values_list("id", flat=True)) - {predecessor.id if predecessor else None}:
        raise PeriodAlreadyDeclared(period=message.period)


def _find_predecessor(message: Message) -> Message | None:
    """Return the message in whose place this one is sent: the one asked about, or the one to be replaced."""
    return message.in_reply_to if message.kind == Kind.REQUEST else message.substitutes


def _replace_predecessor(message: Message, actor: Actor) -> None:
    predecessor = _find_predecessor(message)
    if predecessor is None or predecessor.state in (State.WITHDRAWN, State.REFUSED):
        return
    system = actor if not actor.is_desk else type(actor).system(actor.name)
    transitions.apply(message=predecessor, transition="supersede", actor=system, data={"by": message.reference})
    # A question about what no longer stands must not be answered any more.
    for question in predecessor.answers.filter(state=str(State.OPEN)).select_related("party"):
        transitions.apply(message=question, transition="cancel_question", actor=type(actor).system(actor.name))


def _seal(message: Message, actor: Actor, language: str) -> Receipt:
    documents = list_documents_of_message(message.id)
    receipt = receipts.seal_receipt(message=message, actor=actor, documents=documents, language=language)
    desk_indexing.request_rows(message)
    enqueue(topic="messaging.receipt", payload={"message_id": str(message.id)})
    return receipt
