"""Four eyes: a clerk proposes a decision, a colleague confirms it or sends it back; the party learns nothing before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.audit.services import record
from core.documents.selectors import find_document
from core.documents.services import discard_document
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.messaging import desk, papers, transitions
from core.messaging.access import access_message
from core.messaging.errors import (
    OwnProposal,
    ProposalIncomplete,
    ProposalWaiting,
    ReasonMissing,
    TransitionNotAllowed,
)
from core.messaging.models import Message, Proposal
from core.messaging.states import STEP_BY_NAME, Outcome, ProposalState, State
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.documents.models import Document
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a clerk proposes: the outcome, a decision's title with its text or PDF, and a remark or reason."""

    outcome: str
    title: str = ""
    text: str = ""
    note: str = ""

    @property
    def has_decision(self) -> bool:
        """Whether something is to be published."""
        return bool(self.title.strip())


def prepare_proposal(
    *, caisse: CaisseRef, actor: Actor, message_id: UUID, wish: Wish, file: tuple[str, bytes] | None = None
) -> Document | None:
    """Check a wish and store its own PDF, outside any scope; return the document, which the party does not see."""
    with tenant_transaction(caisse):
        message = access_message(actor, message_id)
        _check_may_propose(actor, message)
    _check_complete(wish, has_file=file is not None)
    return papers.take_own(caisse, actor, message, wish.title.strip(), file) if file else None


def propose(*, actor: Actor, message: Message, wish: Wish, document: Document | None = None) -> Proposal:
    """Put a decision before the colleagues. Raises ``proposal_waiting`` where one lies there already."""
    proposer = _check_may_propose(actor, message)
    _check_complete(wish, has_file=document is not None)
    # Whoever moves the case now waits here, so that no proposal is left on a case that has moved on.
    held = Message.objects.select_for_update(no_key=True).filter(id=message.id, state=str(State.IN_TREATMENT))
    if not held.exists():
        raise TransitionNotAllowed
    if Proposal.objects.filter(message=message, state=str(ProposalState.WAITING)).exists():
        raise ProposalWaiting
    made = Proposal.objects.create(
        message=message,
        outcome=wish.outcome,
        title=wish.title.strip(),
        text="" if document else wish.text.strip(),
        note=wish.note.strip(),
        document_id=document.id if document else None,
        proposed_at=clock.now(),
        proposed_by=proposer,
        proposed_by_name=actor.name,
    )
    _tell(actor, message, "proposal_made")
    return made


def prepare_confirmation(*, caisse: CaisseRef, actor: Actor, message_id: UUID) -> papers.Decision | None:
    """Check who confirms, and set the decision that is to be published with today's date, outside any scope."""
    with tenant_transaction(caisse):
        message = access_message(actor, message_id)
        waiting = _get_settled_by(actor, message, "confirm")
        document = find_document(waiting.document_id) if waiting.document_id else None
    if not waiting.title:
        return None
    if document:
        return papers.Decision(message, waiting.title, document)
    return papers.set_decision(caisse=caisse, message=message, title=waiting.title, text=waiting.text)


def confirm(*, actor: Actor, message: Message, decision: papers.Decision | None) -> Message:
    """Let happen what a colleague proposed, in the caller's scope: publish, and close or refuse the case."""
    Message.objects.select_for_update(no_key=True).get(id=message.id)  # the case first, then its proposal
    waiting = _get_settled_by(actor, message, "confirm")
    if bool(waiting.title) != (decision is not None) or (decision and decision.title != waiting.title):
        raise TransitionNotAllowed  # another proposal than the one that was prepared
    _settle(actor, message, waiting, "confirm")
    confirmed = Proposal.objects.get(id=waiting.id)
    if decision:
        papers.file_decision(actor=actor, decision=decision, confirmed=confirmed)
    if confirmed.outcome == Outcome.CLOSE:
        return desk.close_message(actor=actor, message=message, note=confirmed.note, confirmed=confirmed)
    if confirmed.outcome == Outcome.REFUSE:
        return desk.refuse_message(actor=actor, message=message, reason=confirmed.note, confirmed=confirmed)
    return Message.objects.select_related("party").get(id=message.id)


def send_back(*, actor: Actor, message: Message, reason: str) -> Message:
    """Return a proposal to who made it, with what should be otherwise."""
    if not reason.strip():
        raise ReasonMissing
    return _end(actor, message, "send_back", reason.strip())


def take_back(*, actor: Actor, message: Message) -> Message:
    """Withdraw one's own proposal."""
    return _end(actor, message, "take_back", "")


def get_waiting(message: Message) -> Proposal:
    """Return the proposal that waits for a case, or raise ``not_found``."""
    waiting = find_waiting(message)
    if waiting is None:
        raise NotFound
    return waiting


def find_waiting(message: Message) -> Proposal | None:
    """Return the proposal that waits for a case, if there is one."""
    return Proposal.objects.filter(message=message, state=str(ProposalState.WAITING)).first()


def find_last(message: Message) -> Proposal | None:
    """Return the latest proposal for a case, whatever became of it."""
    return Proposal.objects.filter(message=message).order_by("-proposed_at", "-id").first()


def _end(actor: Actor, message: Message, step: str, answer: str) -> Message:
    waiting = _get_settled_by(actor, message, step)
    _settle(actor, message, waiting, step, answer)
    if waiting.document_id:
        discard_document(actor=actor, document_id=waiting.document_id)
    return Message.objects.select_related("party").get(id=message.id)


def _settle(actor: Actor, message: Message, waiting: Proposal, step: str, answer: str = "") -> None:
    """Take one step out of waiting; of two colleagues at the same moment one wins."""
    way = STEP_BY_NAME[step]
    if not Proposal.objects.filter(id=waiting.id, state=str(ProposalState.WAITING)).update(
        state=str(way.target),
        settled_at=clock.now(),
        settled_by=actor.user_id,
        settled_by_name=actor.name,
        answer=answer,
    ):
        raise TransitionNotAllowed
    _tell(actor, message, way.event, answer)


def _check_may_propose(actor: Actor, message: Message) -> UUID:
    """Return who proposes: a person, since another person has to look at it."""
    desk.check_desk(actor, message)
    if actor.user_id is None:
        raise NotPermitted
    if message.state != State.IN_TREATMENT:
        raise TransitionNotAllowed
    return actor.user_id


def _get_settled_by(actor: Actor, message: Message, step: str) -> Proposal:
    """Return what waits, to the right one of the two people; refuse who has no right in the theme."""
    desk.check_desk(actor, message)
    waiting = find_waiting(message)
    if waiting is None:
        raise TransitionNotAllowed
    is_proposer = actor.user_id == waiting.proposed_by
    if STEP_BY_NAME[step].who == "another" and (is_proposer or actor.user_id is None):
        raise OwnProposal
    if STEP_BY_NAME[step].who == "proposer" and not is_proposer:
        raise NotPermitted
    return waiting


def _check_complete(wish: Wish, *, has_file: bool) -> None:
    known = wish.outcome in {str(one) for one in Outcome}
    decided = wish.has_decision and (has_file or bool(wish.text.strip()))
    half = not wish.has_decision and (has_file or bool(wish.text.strip()))
    if not known or len(wish.title.strip()) > TITLE_LENGTH or half or (wish.has_decision and not decided):
        raise ProposalIncomplete
    if (wish.outcome == Outcome.PUBLISH and not decided) or (wish.outcome == Outcome.REFUSE and not wish.note.strip()):
        raise ProposalIncomplete


def _tell(actor: Actor, message: Message, event: str, note: str = "") -> None:
    transitions.append_event(message=message, name=event, actor=actor, note=note, internal=True)
    record(
        actor=actor,
        action=f"message_{event}",
        object_type="message",
        object_id=message.id,
        for_party_id=message.party_id,
        data={"theme": message.theme},
    )
