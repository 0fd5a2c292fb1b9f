"""Makes a scene large without the services: copies of what is there, in every list that a page may show."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import connection

from core.accounts.models import ApiToken
from core.documents.models import Document
from core.kernel.identifiers import new_id, new_readable_code
from core.messaging import rows
from core.messaging.models import Finding, Job, Message
from core.messaging.states import CLOSED, State
from tenants.scope import tenant_transaction
from tests.support.mailbox import WAGE

if TYPE_CHECKING:
    from tests.support.routes import Scene

LISTED = (State.DRAFT, State.OPEN, State.DELIVERED, State.SENT, State.IN_TREATMENT, State.QUERIED, State.DONE)


def grow(scene: Scene, more: int) -> None:
    """Add so many of everything: messages in each box, rows, findings, steps, documents, tokens, jobs."""
    with tenant_transaction(scene.office.caisse):
        for state in LISTED:
            copy(_source(scene, state), more, case_id=new_id, reference=new_reference, **_in_state(scene, state))
        for message in (scene.sent, scene.draft, scene.recorded):
            rows.add_rows(message=message, many=(WAGE for _ in range(more)))
            _find(message, more)
            copy(message.events.first(), more)
            copy(Job.objects.filter(message=scene.draft).first(), more, message_id=message.id, state="done")
        for message, kind in ((scene.sent, "decision"), (scene.draft, "attachment"), (scene.recorded, "scan")):
            copy(_document(scene), more, message_id=message.id, kind=kind)
        copy(ApiToken.objects.first(), more, prefix=lambda: uuid4().hex[:12])


def copy(source: Any, more: int, **changes: Any) -> None:
    """Add copies of a stored row; a change that can be called is called for each.

    The database copies: a thousand objects take a hundred times as long.
    """
    model = source._meta
    if not model.pk.db_returning:
        changes[model.pk.attname] = model.pk.get_default
    taken = [field for field in model.concrete_fields if not field.primary_key or field.attname in changes]
    each = [field for field in taken if callable(changes.get(field.attname))]
    alike = [field for field in taken if field.attname in changes and field not in each]
    written = dict.fromkeys(taken, "old.{0}") | dict.fromkeys(each, "new.{0}") | dict.fromkeys(alike, "%s::{1}")
    statement = "INSERT INTO {0} ({1}) SELECT {2} FROM {0} AS old, unnest({3}) AS new ({4}) WHERE old.{5} = %s".format(
        connection.ops.quote_name(model.db_table),
        ", ".join(_filled("{0}", field) for field in taken),
        ", ".join(_filled(written[field], field) for field in taken),
        ", ".join(["%s::int[]", *(_filled("%s::{1}[]", field) for field in each)]),
        ", ".join(["nth", *(_filled("{0}", field) for field in each)]),
        _filled("{0}", model.pk),
    )
    same = [field.get_db_prep_save(changes[field.attname], connection) for field in alike]
    made = [[changes[field.attname]() for _ in range(more)] for field in each]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*same, list(range(more)), *made, source.pk])
        assert cursor.rowcount == more


def _filled(text: str, field: Any) -> str:
    """Return a piece of SQL with a column's name and type."""
    return text.format(connection.ops.quote_name(field.column), field.db_type(connection))


def new_reference() -> str:
    """Return a reference that no message has."""
    return new_readable_code(12)


def _source(scene: Scene, state: State) -> Message:
    return scene.draft if state == State.DRAFT else scene.sent


def _in_state(scene: Scene, state: State) -> dict[str, Any]:
    """Return what the constraints ask of a message in a state; each has another time, as in life."""
    closed = {"closed_at": scene.sent.sent_at} if state in CLOSED else {}
    return {"state": str(state), "changed_at": scene.sent.changed_at, **closed}


def _find(message: Message, more: int) -> None:
    one = Finding.objects.create(
        message=message, row_number=1, field="canton", code="S-01", severity="justify", subject="Person 1"
    )
    rows_of, people = count(2), count(2)
    copy(one, more - 1, row_number=lambda: next(rows_of), subject=lambda: f"Person {next(people)}")


def _document(scene: Scene) -> Document:
    return Document.objects.get(id=scene.values["document_id"])
