"""Long lists of mandates: looked through, then carried out, by a worker in pieces, each piece once."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import translation

from core.accounts.mandates import bulk
from core.accounts.models import MandateList, StaffMember, User
from core.accounts.seats import build_actor, build_staff_actor
from core.catalogue import offers
from core.documents.models import Document
from core.documents.services import discard_document, open_document
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import Conflict, NotFound
from core.messaging.desk_guards import is_open_to
from core.messaging.jobs import scratch
from core.outbox.services import enqueue
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from core.accounts.mandates.bulk import Line, ListReading
    from core.outbox.handlers import Job
    from tenants.scope import CaisseRef

TOPIC = "messaging.mandate_list"
PIECE = 250
MOST_FAULTS = 1_000
_STATES = MandateList.States
_NEXT = {_STATES.LOOKING: _STATES.LOOKED, _STATES.MAKING: _STATES.MADE}


class MandateListBusy(Conflict):
    """This list is being worked on, or was carried out already."""

    code = "mandate_list_busy"


def start_list(
    *, actor: Actor, document: Document, total: int, language: str, direction: str = "", basis: str = "agreement"
) -> MandateList:
    """Have a long list looked through, in the open scope."""
    if actor.user_id is None or document.party_id is None:
        raise NotFound
    made = MandateList.objects.create(
        party_id=document.party_id,
        document_id=document.id,
        user_id=actor.user_id,
        at_desk=actor.is_desk,
        level=actor.assurance_level,
        language=language[:5],
        direction=direction,
        basis=basis,
        total=total,
        created_at=clock.now(),
    )
    enqueue(topic=TOPIC, payload={"list": str(made.id)})
    return made


def request_making(*, actor: Actor, made: MandateList) -> None:
    """Have what is right in a list carried out, in the open scope. Raises ``mandate_list_busy``."""
    looked = MandateList.objects.filter(id=made.id, state=_STATES.LOOKED)
    if not looked.update(state=_STATES.MAKING, done=0, right=0, faults=[], level=actor.assurance_level):
        raise MandateListBusy
    enqueue(topic=TOPIC, payload={"list": str(made.id)})


def go_on() -> None:
    """Ask anew for the next piece of each list that is in work, where the askings did not travel; repeatable."""
    for list_id in MandateList.objects.filter(state__in=list(_NEXT)).values_list("id", flat=True):
        enqueue(topic=TOPIC, payload={"list": str(list_id)})


def access_list(actor: Actor, party_id: UUID, list_id: UUID) -> MandateList:
    """Return a list that this person handed in for this party; any other does not exist."""
    made = MandateList.objects.filter(id=list_id, party_id=party_id, at_desk=actor.is_desk).first()
    if made is None or made.user_id != actor.user_id:
        raise NotFound
    return made


def read_document(caisse: CaisseRef, document: Document) -> ListReading:
    """Return the lines of a list that is kept, read by the child; outside any scope."""
    folder = Path(tempfile.mkdtemp(prefix="relais-list-", dir=scratch()))
    try:
        source = folder / "source"
        with source.open("wb") as file:
            file.writelines(open_document(caisse=caisse, document=document))
        return bulk.read_list(source, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def work(job: Job) -> None:
    """Do the next piece of a list and ask for the one after it. Repeatable: a piece counts with its commit."""
    caisse = job.caisse
    with tenant_transaction(caisse):
        made = MandateList.objects.filter(id=job.payload["list"], state__in=list(_NEXT)).first()
        document = Document.objects.filter(id=made.document_id).first() if made else None
    if made is None or document is None:
        return
    lines = read_document(caisse, document).lines[made.done : made.done + PIECE]
    with translation.override(made.language):
        if made.state == _STATES.LOOKING:
            with tenant_transaction(caisse):
                bulk.judge_lines(lines, _maker(caisse, made))
            with tenant_transaction(caisse):
                _go_on(made, lines)
            return
        with tenant_transaction(caisse):
            # Claimed before it is done, so that of two workers with the same piece one does nothing.
            if _claim(made, len(lines)):
                bulk.make_lines(lines, _maker(caisse, made))
                _note(made, lines)


def _maker(caisse: CaisseRef, made: MandateList) -> Callable[[Line], None]:
    user = User.objects.get(id=made.user_id)
    themes = {one.slug: offers.name_theme(caisse, one.slug) for one in offers.list_open_themes(caisse)}
    if not made.at_desk:
        actor = build_actor(user, made.party_id, assurance_level=made.level)
        return bulk.asking(actor, made.direction, themes)
    staff = StaffMember.objects.get(user_id=made.user_id)
    clerk = build_staff_actor(user, staff, caisse=caisse, assurance_level=made.level)
    return bulk.entering(clerk, made.party, made.basis, themes, lambda one: is_open_to(clerk, one))


def _go_on(made: MandateList, lines: Sequence[Line]) -> None:
    if _claim(made, len(lines)):
        _note(made, lines)


def _claim(made: MandateList, count: int) -> int:
    standing = MandateList.objects.filter(id=made.id, state=made.state, done=made.done)
    return standing.update(done=made.done + count)


def _note(made: MandateList, lines: Sequence[Line]) -> None:
    """Write down what came of a piece, and ask for the next one or end."""
    faults = [*made.faults, *map(_describe, (one for one in lines if one.error is not None))][:MOST_FAULTS]
    done, right = made.done + len(lines), made.right + sum(one.done for one in lines)
    is_over = done >= made.total or not lines
    state = _NEXT[_STATES(made.state)] if is_over else made.state
    MandateList.objects.filter(id=made.id).update(faults=faults, right=right, state=state)
    if not is_over:
        enqueue(topic=TOPIC, payload={"list": str(made.id)})
    elif state == _STATES.MADE:
        discard_document(actor=Actor.system("mandate lists"), document_id=made.document_id)


def _describe(line: Line) -> dict[str, Any]:
    error = line.error
    named = " ".join(filter(None, [line.entries.get("kind"), line.entries.get("number")]))
    return {
        "number": line.number,
        "party": named,
        "code": error.code if error else "",
        "params": dict(error.params) if error else {},
    }
