"""The states of a message and the only ways between them; plain Python.

Buttons, REST actions, the diagram in the docs and the tests are read from ``TRANSITIONS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from core.kernel.text import N_, Text


class State(StrEnum):
    """Where a message stands."""

    DRAFT = "draft"  # being written; invisible to the other side
    OPEN = "open"  # a request of the caisse that waits for the party's answer
    DELEGATED = "delegated"  # handed to a person outside the mailbox, revocable until sent
    SENT = "sent"  # with the caisse, not yet taken up
    IN_TREATMENT = "in_treatment"  # a clerk works on it
    QUERIED = "queried"  # the caisse asked back and waits
    DONE = "done"  # the caisse has finished
    REFUSED = "refused"  # the caisse closed it without following it
    REPLACED = "replaced"  # a later message of the party stands in its place
    WITHDRAWN = "withdrawn"  # taken back by the side that sent it
    DELIVERED = "delivered"  # a notice of the caisse that lies in the Inbox
    DISCARDED = "discarded"  # a deleted draft; its contents are gone

    @property
    def label(self) -> Text:
        """The state in plain words."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.DRAFT: N_("Draft"),
    State.OPEN: N_("Waiting for your answer"),
    State.DELEGATED: N_("Delegated"),
    State.SENT: N_("Sent"),
    State.IN_TREATMENT: N_("Being processed"),
    State.QUERIED: N_("Question asked"),
    State.DONE: N_("Done"),
    State.REFUSED: N_("Not accepted"),
    State.REPLACED: N_("Replaced"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.DELIVERED: N_("For your information"),
    State.DISCARDED: N_("Deleted"),
}


class Box(StrEnum):
    """The five boxes of the mailbox."""

    INBOX = "inbox"
    DRAFTS = "drafts"
    DELEGATED = "delegated"
    SENT = "sent"
    DONE = "done"

    @property
    def label(self) -> Text:
        """The box's name."""
        return _BOX_LABELS[self]


_BOX_LABELS = {
    Box.INBOX: N_("Inbox"),
    Box.DRAFTS: N_("Drafts"),
    Box.DELEGATED: N_("Delegated"),
    Box.SENT: N_("Sent"),
    Box.DONE: N_("Completed"),
}

BOX_OF: dict[State, Box | None] = {
    State.DRAFT: Box.DRAFTS,
    State.OPEN: Box.INBOX,
    State.DELIVERED: Box.INBOX,
    State.DELEGATED: Box.DELEGATED,
    State.SENT: Box.SENT,
    State.IN_TREATMENT: Box.SENT,
    State.QUERIED: Box.SENT,
    State.DONE: Box.DONE,
    State.REFUSED: Box.DONE,
    State.REPLACED: Box.DONE,
    State.WITHDRAWN: Box.DONE,
    State.DISCARDED: None,
}

AT_THE_DESK = (State.SENT, State.IN_TREATMENT, State.QUERIED)
CLOSED = (State.DONE, State.REFUSED, State.REPLACED, State.WITHDRAWN)
EDITABLE = (State.DRAFT, State.OPEN)

Who = Literal["party", "caisse"]


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from some states to one state, the side that may take it, and the event it leaves."""

    name: str
    sources: tuple[State, ...]
    target: State
    who: Who
    event: str
    label: Text
    decides: bool = False  # the party learns the outcome: where the caisse asks for four eyes, a colleague confirms


TRANSITIONS: tuple[Transition, ...] = (
    Transition("send", (State.DRAFT, State.OPEN), State.SENT, "party", "sent", N_("Send")),
    Transition("record", (State.DRAFT,), State.SENT, "caisse", "recorded", N_("Record")),
    Transition("discard", (State.DRAFT,), State.DISCARDED, "party", "discarded", N_("Delete draft")),
    Transition("withdraw", (State.SENT,), State.WITHDRAWN, "party", "withdrawn", N_("Withdraw")),
    Transition(
        "supersede",
        (State.SENT, State.IN_TREATMENT, State.QUERIED, State.DONE),
        State.REPLACED,
        "party",
        "replaced",
        N_("Replace"),
    ),
    Transition("take", (State.SENT,), State.IN_TREATMENT, "caisse", "taken", N_("Take up")),
    Transition("ask_back", (State.IN_TREATMENT,), State.QUERIED, "caisse", "asked_back", N_("Ask back")),
    Transition(
        "cancel_question", (State.OPEN,), State.WITHDRAWN, "caisse", "question_cancelled", N_("Cancel the question")
    ),
    Transition("resume", (State.QUERIED,), State.IN_TREATMENT, "caisse", "resumed", N_("Resume")),
    Transition("close", (State.IN_TREATMENT,), State.DONE, "caisse", "closed", N_("Close"), decides=True),
    Transition("refuse", (State.IN_TREATMENT,), State.REFUSED, "caisse", "refused", N_("Do not accept"), decides=True),
    Transition("acknowledge", (State.DELIVERED,), State.DONE, "party", "acknowledged", N_("Mark as dealt with")),
)
BY_NAME = {transition.name: transition for transition in TRANSITIONS}


class ProposalState(StrEnum):
    """Where a proposed decision stands; the message itself stays in treatment meanwhile."""

    WAITING = "waiting"  # a colleague is to look at it; the party knows nothing
    CONFIRMED = "confirmed"  # it happened
    RETURNED = "returned"  # the colleague wants it otherwise
    TAKEN_BACK = "taken_back"  # by who proposed it
    LAPSED = "lapsed"  # the case moved on without it


@dataclass(frozen=True, slots=True)
class ProposalStep:
    """One way out of waiting: whose it is (``another`` is never who proposed), and the event it leaves at the desk."""

    name: str
    target: ProposalState
    who: Literal["another", "proposer", "system"]
    event: str
    label: Text


PROPOSAL_STEPS: tuple[ProposalStep, ...] = (
    ProposalStep("confirm", ProposalState.CONFIRMED, "another", "proposal_confirmed", N_("Confirm")),
    ProposalStep("send_back", ProposalState.RETURNED, "another", "proposal_returned", N_("Send back")),
    ProposalStep("take_back", ProposalState.TAKEN_BACK, "proposer", "proposal_taken_back", N_("Take back")),
    ProposalStep("lapse", ProposalState.LAPSED, "system", "proposal_lapsed", N_("Lapse")),
)
STEP_BY_NAME = {step.name: step for step in PROPOSAL_STEPS}


class Outcome(StrEnum):
    """What a proposal asks for, beside the decision that it may publish; the values name transitions."""

    PUBLISH = "publish"
    CLOSE = "close"
    REFUSE = "refuse"

    @property
    def label(self) -> Text:
        """The outcome in plain words."""
        return _OUTCOME_LABELS[self]


_OUTCOME_LABELS = {
    Outcome.PUBLISH: N_("Publish the decision, the case stays open"),
    Outcome.CLOSE: N_("Complete the case"),
    Outcome.REFUSE: N_("Do not accept"),
}

EVENT_LABELS: dict[str, Text] = {
    "started": N_("Draft begun"),
    "handed_over": N_("Handed to a colleague"),
    "sent": N_("Sent to the caisse"),
    "recorded": N_("Recorded by the caisse"),
    "discarded": N_("Draft deleted"),
    "withdrawn": N_("Withdrawn"),
    "replaced": N_("Replaced by a later message"),
    "taken": N_("Taken up by the caisse"),
    "assigned": N_("Handed to a colleague"),
    "snoozed": N_("Set aside until a later day"),
    "woken": N_("Back in the queue"),
    "asked_back": N_("The caisse asks a question"),
    "requested": N_("Request of the caisse"),
    "question_cancelled": N_("The caisse cancelled its question"),
    "resumed": N_("Taken up again"),
    "closed": N_("Completed by the caisse"),
    "refused": N_("Not accepted by the caisse"),
    "delivered": N_("Delivered by the caisse"),
    "acknowledged": N_("Marked as dealt with"),
    "decision_published": N_("Decision published"),
    "document_added": N_("Document added"),
    "proposal_made": N_("Decision proposed"),
    "proposal_confirmed": N_("Proposal confirmed"),
    "proposal_returned": N_("Proposal sent back"),
    "proposal_taken_back": N_("Proposal taken back"),
    "proposal_lapsed": N_("Proposal lapsed: the case moved on"),
}


def list_open_ways(state: State, who: Who) -> list[Transition]:
    """Return the transitions that one side may take from a state."""
    return [transition for transition in TRANSITIONS if state in transition.sources and transition.who == who]


def list_proposal_ways(*, is_proposer: bool) -> list[ProposalStep]:
    """Return the steps out of waiting that somebody may take."""
    wanted = "proposer" if is_proposer else "another"
    return [step for step in PROPOSAL_STEPS if step.who == wanted]
