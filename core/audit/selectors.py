"""Reading the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.audit.models import Entry

if TYPE_CHECKING:
    from uuid import UUID


def list_entries_of_object(object_type: str, object_id: UUID | str) -> list[Entry]:
    """Return every entry about one object, oldest first."""
    return list(Entry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("at", "id"))
