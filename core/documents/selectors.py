"""Finding documents, within the caller's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.catalogue import display
from core.documents.models import Document

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet


def list_documents_of_message(message_id: UUID) -> list[Document]:
    """Return a message's documents in the order of their arrival."""
    return list(Document.objects.filter(message_id=message_id).order_by("created_at", "id"))


def list_dossier(
    *,
    party_id: UUID,
    theme: str = "",
    limit: int | None = 200,
    displayed: bool = False,
    of_messages: QuerySet[Any] | None = None,
) -> list[Document]:
    """Return what was published for a party, newest first; of all themes where none is named, all without a limit.

    With ``displayed`` only what the portal still lists; the desk sees all that is kept. ``of_messages`` selects the
    identifiers of the messages to which a reader is limited.
    """
    published = Document.objects.filter(party_id=party_id, published_at__isnull=False)
    if displayed:
        published = published.exclude(display.outlived("kind", "published_at"))
    if theme:
        published = published.filter(theme=theme)
    if of_messages is not None:
        published = published.filter(message_id__in=of_messages)
    return list(published.order_by("-published_at", "-id")[:limit])


def count_published(party_id: UUID) -> int:
    """Return how many documents were published for a party."""
    return Document.objects.filter(party_id=party_id, published_at__isnull=False).count()


def find_document(document_id: UUID) -> Document | None:
    """Return a document whoever asks; pages use :func:`core.documents.access.access_document`."""
    return Document.objects.filter(id=document_id).first()
