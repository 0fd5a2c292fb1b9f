"""The one door for every change of state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.audit.services import record
from core.catalogue import registry
from core.documents.services import discard_document
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotPermitted
from core.messaging import counters, signals
from core.messaging.assurance import check_acting
from core.messaging.desk_indexing import index_message
from core.messaging.desk_settings import asks_for_two
from core.messaging.errors import DeskOnly, FourEyesNeeded, TransitionNotAllowed
from core.messaging.models import Event, Message, Proposal
from core.messaging.states import BY_NAME, CLOSED, STEP_BY_NAME, ProposalState, State, Transition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.kernel.issues import Scalar


def apply(
    *,
    message: Message,
    transition: str,
    actor: Actor,
    guard: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    note: str = "",
    data: Mapping[str, Scalar] | None = None,
    confirmed: Proposal | None = None,
) -> Message:
    """Move a message by a named transition and return it as it now stands.

    Checks the right, updates only while the message is in one of the sources (and ``guard``
    holds, for example ``{"revision": 7}``), appends the event, moves the counter and adds the
    audit entry, in the caller's transaction. Raises ``transition_not_allowed`` when somebody was
    faster, ``not_permitted`` or ``assurance_too_low`` when the actor may not, ``four_eyes_needed``
    when the caisse wants what decides ``confirmed`` by a second clerk.
    """
    way = BY_NAME[transition]
    check_right(actor=actor, way=way, message=message)
    if way.decides:
        check_confirmed(actor=actor, message=message, confirmed=confirmed)
    values = {"state": str(way.target), "changed_at": clock.now(), **(changes or {})}
    if way.target in CLOSED:
        values["closed_at"] = clock.now()
    source = _update(message, way, guard or {}, values)
    moved = Message.objects.select_related("party").get(id=message.id)
    append_event(message=moved, name=way.event, actor=actor, source=source, target=way.target, note=note, data=data)
    if source is State.IN_TREATMENT:
        _lapse_proposal(moved)
    # A draft of the caisse's own was counted nowhere.
    counters.move(moved, None if source is State.DRAFT and message.drafted_by == "caisse" else source, way.target)
    note_act(actor=actor, message=message, action=f"message_{way.event}")
    signals.announce(way.event, moved, actor)
    return moved


def note_act(*, actor: Actor, message: Message, action: str) -> None:
    """Add an audit entry on a message."""
    record(
        actor=actor,
        action=action,
        object_type="message",
        object_id=message.id,
        for_party_id=message.party_id,
        data={"theme": message.theme, "type": message.type_key},
    )


def check_right(*, actor: Actor, way: Transition, message: Message) -> None:
    """Refuse an actor of the other side, without the theme, of another party or too weakly proven."""
    if actor.kind == "system":
        return
    if way.who == "caisse" and not actor.is_desk:
        raise DeskOnly
    if way.who == "party" and actor.party_id != message.party_id:
        raise NotPermitted
    if not actor.may_act(message.theme):
        raise NotPermitted
    message_type = registry.get_type(message.type_key, message.type_version)
    if way.who == "party":
        check_acting(actor, message_type)


def check_confirmed(*, actor: Actor, message: Message, confirmed: Proposal | None) -> None:
    """Refuse what the party would learn, where the caisse wants two people and only one has looked at it."""
    if actor.kind == "system" or not asks_for_two(message.theme):
        return
    if confirmed is None or confirmed.message_id != message.id or confirmed.state != ProposalState.CONFIRMED:
        raise FourEyesNeeded


def _lapse_proposal(message: Message) -> None:
    """End what was proposed for a case that has moved on; its document goes with it."""
    waiting = Proposal.objects.filter(message_id=message.id, state=str(ProposalState.WAITING)).first()
    step = STEP_BY_NAME["lapse"]
    if waiting is None or not Proposal.objects.filter(id=waiting.id, state=str(ProposalState.WAITING)).update(
        state=str(step.target), settled_at=clock.now()
    ):
        return
    system = Actor.system("desk")
    if waiting.document_id:
        discard_document(actor=system, document_id=waiting.document_id)
    append_event(message=message, name=step.event, actor=system, internal=True)


def _update(message: Message, way: Transition, guard: Mapping[str, Any], values: dict[str, Any]) -> State:
    # One guarded update per source: a message is in exactly one state, so at most one of them hits.
    for source in sorted(way.sources, key=lambda state: state != message.state):
        if Message.objects.filter(id=message.id, state=str(source), **guard).update(**values):
            return source
    raise TransitionNotAllowed


def append_event(
    *,
    message: Message,
    name: str,
    actor: Actor,
    source: State | None = None,
    target: State | None = None,
    note: str = "",
    data: Mapping[str, Scalar] | None = None,
    internal: bool = False,
) -> None:
    """Add one step to the message's history; ``internal`` keeps it at the desk."""
    Event.objects.create(
        message=message,
        case_id=message.case_id,
        name=name,
        at=clock.now(),
        from_state=str(source or ""),
        to_state=str(target or ""),
        actor_kind=actor.kind,
        actor_name=actor.signature(message.theme),
        user_id=actor.user_id,
        acting_party_id=actor.acting_party_id,
        note=note,
        data=dict(data or {}),
        internal=internal,
    )
    if not internal:
        index_message(message.id)
