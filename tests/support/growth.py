"""Makes a scene large without the services: copies of what is there, in every list that a page may show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from core.accounts.models import ApiToken
from core.documents.models import Document
from core.kernel.identifiers import new_id, new_readable_code
from core.messaging import rows
from core.messaging.models import Finding, Job, Message
from core.messaging.states import CLOSED, State
from tenants.scope import tenant_transaction
from tests.support.mailbox import WAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.routes import Scene

LISTED = (State.DRAFT, State.OPEN, State.DELIVERED, State.SENT, State.IN_TREATMENT, State.QUERIED, State.DONE)


def grow(scene: Scene, more: int) -> None:
    """Add so many of everything: messages in each box, rows, findings, steps, documents, tokens, jobs."""
    with tenant_transaction(scene.office.caisse):
        for state in LISTED:
            copy(_source(scene, state), more, case_id=new_id, reference=new_reference, **_in_state(scene, state))
        for message in (scene.sent, scene.draft, scene.recorded):
            rows.add_rows(message=message, many=(WAGE for _ in range(more)))
            Finding.objects.bulk_create(_findings(message, more))
            copy(message.events.first(), more)
            copy(Job.objects.filter(message=scene.draft).first(), more, message_id=message.id, state="done")
        for message, kind in ((scene.sent, "decision"), (scene.draft, "attachment"), (scene.recorded, "scan")):
            copy(_document(scene), more, message_id=message.id, kind=kind)
        copy(ApiToken.objects.first(), more, prefix=lambda: uuid4().hex[:12])


def copy(source: Any, more: int, **changes: Any) -> None:
    """Add copies of a row; a change that can be called is called for each."""
    names = [field.attname for field in source._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(source, name) for name in names}
    type(source).objects.bulk_create(
        type(source)(**values | {name: new() if callable(new) else new for name, new in changes.items()})
        for _ in range(more)
    )


def new_reference() -> str:
    """Return a reference that no message has."""
    return new_readable_code(12)


def _source(scene: Scene, state: State) -> Message:
    return scene.draft if state == State.DRAFT else scene.sent


def _in_state(scene: Scene, state: State) -> dict[str, Any]:
    """Return what the constraints ask of a message in a state; each has another time, as in life."""
    closed = {"closed_at": scene.sent.sent_at} if state in CLOSED else {}
    return {"state": str(state), "changed_at": scene.sent.changed_at, **closed}


def _findings(message: Message, more: int) -> Iterable[Finding]:
    return [
        Finding(message=message, row_number=number, field="canton", code="S-01", severity="justify",
                subject=f"Person {number}")
        for number in range(1, more + 1)
    ]  # fmt: skip


def _document(scene: Scene) -> Document:
    return Document.objects.get(id=scene.values["document_id"])
