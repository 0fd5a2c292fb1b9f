"""Carrying a batch out: a draft for each client whose file is clear, read by the usual job; later the sending of each.

Each file is one commit, guarded by its own state, and the same commit cannot happen twice: whoever comes second, after
a kill or beside another worker, finds the file done. Rights are read anew for each client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q

from core.accounts.models import User
from core.accounts.seats import actor_of_seat, list_seats
from core.catalogue import offers
from core.documents.services import Placement, place_document
from core.kernel import clock
from core.kernel.errors import NotFound, RelaisError
from core.kernel.issues import Severity
from core.messaging import drafts, jobs
from core.messaging.assurance import check_acting
from core.messaging.batches import MAKE, SEND
from core.messaging.batches.errors import BatchBusy, BatchNothingReady, FileWithoutMandate
from core.messaging.batches.judging import may_begin
from core.messaging.models import Batch, BatchFile, Finding, Justification
from core.messaging.sending import send_message
from core.messaging.states import State
from core.outbox.services import enqueue
from core.terms.answering import require_accepted
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from core.catalogue.types import MessageType
    from core.kernel.actors import Actor
    from core.outbox.handlers import Job

AT_ONCE = 20
_FILES = BatchFile.States


class _Done(Exception):
    """Another worker was first: what this one began is taken back."""


def request_drafts(*, actor: Actor, batch: Batch) -> None:
    """Ask for a draft for each clear file, in the open scope. Raises ``batch_busy``, ``batch_nothing_ready``."""
    if not batch.files.filter(state=_FILES.CLEAR).exists():
        raise BatchNothingReady
    _request(actor, batch, Batch.States.MAKING, MAKE)


def request_sending(*, actor: Actor, batch: Batch) -> None:
    """Ask for the sending of each draft in which nothing is open. Raises ``batch_busy``, ``batch_nothing_ready``."""
    if not list_sendable(batch).exists():
        raise BatchNothingReady
    _request(actor, batch, Batch.States.SENDING, SEND)


def list_sendable(batch: Batch) -> QuerySet[BatchFile]:
    """Return the files whose draft was read and checked, with persons in it, and with no finding that is open."""
    reasons = Justification.objects.filter(
        message_id=OuterRef("message_id"), code=OuterRef("code"), subject=OuterRef("subject")
    )
    standing = Q(severity=Severity.BLOCK) | Q(Q(severity=Severity.JUSTIFY), ~Exists(reasons))
    unsettled = Finding.objects.filter(standing, message_id=OuterRef("message_id"))
    return batch.files.filter(
        ~Exists(unsettled),
        state=_FILES.MADE,
        message__state=str(State.DRAFT),
        message__row_count__gt=0,
        message__checked_revision=F("message__revision"),
    )


def make_drafts(job: Job) -> None:
    """Make some drafts of a batch and ask for the next ones. Repeatable."""
    _carry_out(job, Batch.States.MAKING, MAKE, lambda batch: batch.files.filter(state=_FILES.CLEAR), _make)


def send_drafts(job: Job) -> None:
    """Send some drafts of a batch and ask for the next ones. Repeatable."""
    _carry_out(job, Batch.States.SENDING, SEND, list_sendable, _send)


def _request(actor: Actor, batch: Batch, state: Batch.States, topic: str) -> None:
    check_acting(actor, offers.get_offered_type(current_caisse(), batch.type_key))
    ready = Batch.objects.filter(id=batch.id, state=Batch.States.READY)
    if not ready.update(state=state, level=actor.assurance_level, done=0, changed_at=clock.now()):
        raise BatchBusy
    enqueue(topic=topic, payload={"batch": str(batch.id), "after": 0})


def _carry_out(
    job: Job,
    state: Batch.States,
    topic: str,
    wanted: Callable[[Batch], QuerySet[BatchFile]],
    step: Callable[[Batch, User, BatchFile, MessageType], None],
) -> None:
    caisse, after = job.caisse, int(job.payload["after"])
    with tenant_transaction(caisse):
        batch = Batch.objects.filter(id=job.payload["batch"], state=state).first()
        files = list(wanted(batch).filter(position__gt=after).order_by("position")[:AT_ONCE]) if batch else []
        user = User.objects.filter(id=batch.user_id).first() if batch else None
    if batch is None or user is None:
        return
    for file in files:
        _try(job, batch, user, file, step)
    with tenant_transaction(caisse):
        moved = Batch.objects.filter(id=batch.id, state=state)
        if len(files) == AT_ONCE:
            moved.update(done=F("done") + len(files), changed_at=clock.now())
            enqueue(topic=topic, payload={"batch": str(batch.id), "after": files[-1].position})
        else:
            moved.update(state=Batch.States.READY, done=F("done") + len(files), changed_at=clock.now())


def _try(job: Job, batch: Batch, user: User, file: BatchFile, step: Callable[..., None]) -> None:
    try:
        with tenant_transaction(job.caisse):
            step(batch, user, file, offers.get_offered_type(job.caisse, batch.type_key))
    except _Done:
        return
    except RelaisError as error:
        with tenant_transaction(job.caisse):
            _note(file, error)


def _note(file: BatchFile, error: RelaisError) -> None:
    """Keep why nothing came of a file, so that its row says it."""
    said: dict[str, Any] = {"reason": error.code[:60], "params": dict(error.params)}
    BatchFile.objects.filter(id=file.id, state=_FILES.CLEAR).update(state=_FILES.UNCLEAR, **said)
    BatchFile.objects.filter(id=file.id, state=_FILES.MADE).update(**said)


def _make(batch: Batch, user: User, file: BatchFile, message_type: MessageType) -> None:
    actor = _actor_for(batch, user, file, message_type)
    require_accepted(actor)
    message = drafts.start_draft(actor=actor, message_type=message_type, party_id=actor.party)
    claimed = BatchFile.objects.filter(
        id=file.id, state=_FILES.CLEAR, party_id=actor.party, document_id=file.document_id
    )
    if file.document_id is None or not claimed.update(state=_FILES.MADE, message=message, reason="", params={}):
        raise _Done
    placement = Placement(kind="data", party_id=actor.party, message_id=message.id, theme=message.theme)
    place_document(actor=actor, document_id=file.document_id, placement=placement)
    jobs.request_reading(actor=actor, message=message, document_id=file.document_id)


def _send(batch: Batch, user: User, file: BatchFile, message_type: MessageType) -> None:
    actor = _actor_for(batch, user, file, message_type)
    message = file.message
    if message is None:
        raise NotFound
    send_message(actor=actor, message=message, revision=message.revision, confirmed=True, language=batch.language)
    BatchFile.objects.filter(id=file.id).update(reason="", params={})


def _actor_for(batch: Batch, user: User, file: BatchFile, message_type: MessageType) -> Actor:
    """Return the user as she acts for this client now, proved as strongly as when she asked for this."""
    if file.party_id is None or not user.is_active:
        raise NotFound
    seats = [one for one in list_seats(user.id, party_ids=[file.party_id]) if may_begin(one, message_type)]
    if not seats:
        raise FileWithoutMandate
    return actor_of_seat(user, seats[0], batch.level)
