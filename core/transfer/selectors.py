"""What a caisse can see of what happened to her as a whole; within her scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.audit.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 50


def list_traces(actions: Iterable[str]) -> list[Entry]:
    """Return the newest entries of the caisse's audit trail about exports, imports and deletions."""
    found = Entry.objects.filter(object_type="caisse", action__in=list(actions))
    return list(found.order_by("-at", "-id")[:SHOWN])
