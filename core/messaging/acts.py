"""Who did what for a party; and who of the caisse opened its data, recorded once per person, day and object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Q

from core.accounts.paging import page_of
from core.audit.models import Entry
from core.audit.services import record_once
from core.messaging.desk_settings import today_at_desk
from core.messaging.selectors import PAGE, list_readable

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.paging import Listed
    from core.documents.models import Document
    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar
    from core.messaging.models import Message

OPENED = "data_opened"
By = Literal["", "person", "program"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for among the acts: a name, by whom, from when, before when."""

    search: str = ""
    by: By = ""
    since: datetime | None = None
    before: datetime | None = None


def list_acts(viewer: Actor, filters: Filters, *, cursor: str = "", limit: int = PAGE) -> Listed[Entry]:
    """Return a page of what was done in the name of the viewer's party, newest first; one query.

    What belongs to a theme only to who reads it.
    """
    return page_of(_acts(viewer, filters), "at", cursor, limit)


def count_acts(viewer: Actor, filters: Filters) -> int:
    """Return how many acts fit."""
    return _acts(viewer, filters).count()


def list_openings(party_id: UUID, *, cursor: str = "", limit: int = PAGE) -> Listed[Entry]:
    """Return a page of who opened a party's data at the desk, newest first; one query."""
    return page_of(_openings(party_id), "at", cursor, limit)


def count_openings(party_id: UUID) -> int:
    """Return how often a party's data was opened."""
    return _openings(party_id).count()


def note_message_opened(viewer: Actor, message: Message) -> None:
    """Record that somebody at the desk sees a case; the case is the reason. Nothing for the party's own people."""
    case: dict[str, Scalar] = {"reason": "case", "case": str(message.id), "theme": message.theme}
    _note(viewer, "message", message.id, message.party_id, case)


def note_document_opened(viewer: Actor, document: Document) -> None:
    """Record that somebody at the desk takes a document; the case to which it belongs is the reason."""
    if document.party_id is None:
        return
    about: dict[str, Scalar] = {"reason": "document", "theme": document.theme}
    if document.message_id is not None:
        about |= {"reason": "case", "case": str(document.message_id)}
    _note(viewer, "document", document.id, document.party_id, about)


def note_party_opened(viewer: Actor, party_id: UUID, *, case_id: UUID | None = None) -> None:
    """Record that somebody at the desk sees a party's file: for a case, or without one, such as on the telephone."""
    about: dict[str, Scalar] = {"reason": "case", "case": str(case_id)} if case_id else {"reason": "file"}
    _note(viewer, "party", party_id, party_id, about)


def _note(viewer: Actor, kind: str, object_id: UUID, party_id: UUID, data: dict[str, Scalar]) -> None:
    if not viewer.is_desk:
        return
    record_once(
        actor=viewer,
        action=OPENED,
        object_type=kind,
        object_id=object_id,
        on=today_at_desk(),
        for_party_id=party_id,
        data=data,
    )


def _openings(party_id: UUID) -> QuerySet[Entry]:
    return Entry.objects.filter(for_party_id=party_id, action=OPENED)


def _acts(viewer: Actor, filters: Filters) -> QuerySet[Entry]:
    open_themes = Q(data__theme__isnull=True) | Q(data__theme__in=list_readable(viewer))
    found = Entry.objects.filter(open_themes, for_party_id=viewer.party_id, actor_kind="party")
    for word in filters.search.split():
        found = found.filter(actor_name__icontains=word)
    if filters.by:
        found = found.filter(token_id__isnull=filters.by == "person")
    if filters.since:
        found = found.filter(at__gte=filters.since)
    return found.filter(at__lt=filters.before) if filters.before else found
