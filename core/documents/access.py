"""Who may open a document: rooms above say so, because a document's rights are its message's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.documents.models import Document
from core.kernel.actors import Actor
from core.kernel.errors import NotFound

if TYPE_CHECKING:
    from uuid import UUID

Gate = Callable[[Actor, Document], bool]
_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Let ``gate(viewer, document)`` open documents; one gate that says yes is enough."""
    if gate not in _gates:
        _gates.append(gate)


def access_document(viewer: Actor, document_id: UUID) -> Document:
    """Return a document that the viewer may see, in the caller's scope; else raise ``NotFound``.

    It may still be in quarantine: opening it is refused elsewhere, its name and state are shown.
    """
    document = Document.objects.filter(id=document_id).first()
    if document is None or not any(gate(viewer, document) for gate in _gates):
        raise NotFound
    return document
