"""What goes into a letter's envelope: read when it is printed, by the room that keeps documents."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from core.notices.ports import Enclosure
from tenants.reference import CaisseRef

Reader = Callable[[CaisseRef, UUID], Enclosure]
_readers: list[Reader] = []


def install(reader: Reader) -> None:
    """Read enclosures so from now on; outside any scope."""
    _readers[:] = [reader]


def read_enclosure(caisse: CaisseRef, document_id: UUID) -> Enclosure:
    """Return a document to be enclosed."""
    return _readers[0](caisse, document_id)
