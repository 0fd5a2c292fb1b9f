"""How much a caisse stores: exact counts that move with each document, and the limit for what is brought."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Sum

from core.documents.errors import StorageFull
from core.documents.models import Document, StorageUse
from tenants.quotas import get_quotas
from tenants.scope import current_caisse

# A session keeps to one row: however many documents a transaction has, no two wait for each other in a ring.
_ADD = """
INSERT INTO core_documents_storageuse AS kept (shard, documents, size_bytes) VALUES (pg_backend_pid() %% 16, %s, %s)
ON CONFLICT (shard) DO UPDATE SET
    documents = kept.documents + EXCLUDED.documents, size_bytes = kept.size_bytes + EXCLUDED.size_bytes
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """How many documents, and how many bytes they have."""

    documents: int
    size_bytes: int


def count_in(size_bytes: int) -> None:
    """Count a new document, in the transaction that adds its row."""
    _add(1, size_bytes)


def count_out(size_bytes: int) -> None:
    """Count a document that goes, in the transaction that deletes its row."""
    _add(-1, -size_bytes)


def get_stored() -> Stored:
    """Return what the open scope's caisse stores; reads at most sixteen rows."""
    found = StorageUse.objects.aggregate(documents=Sum("documents"), size_bytes=Sum("size_bytes"))
    return Stored(int(found["documents"] or 0), int(found["size_bytes"] or 0))


def check_room() -> int:
    """Return how many bytes the open scope's caisse may still store. Raises ``StorageFull``.

    Uploads at the same moment may together pass the limit by their own size; the next is refused.
    """
    room = get_quotas(current_caisse()).storage_bytes - get_stored().size_bytes
    if room <= 0:
        raise StorageFull
    return room


def recount() -> Stored:
    """Set the counts to what the rows say, should they ever differ. Repeatable."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE core_documents_storageuse IN EXCLUSIVE MODE")
    found = Document.objects.aggregate(documents=Count("id"), size_bytes=Sum("size_bytes"))
    stored = Stored(found["documents"], int(found["size_bytes"] or 0))
    StorageUse.objects.all().delete()
    StorageUse.objects.create(shard=0, documents=stored.documents, size_bytes=stored.size_bytes)
    return stored


def _add(documents: int, size_bytes: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [documents, size_bytes])
