"""Comparing the store with the rows: no object without a row, no row without an object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.documents.models import Document
from core.documents.ports import get_store
from core.documents.storing import key_of
from core.kernel import clock
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.scope import CaisseRef

# An upload stores its object first and its row after; until then the object only looks forgotten.
PATIENCE = timedelta(hours=24)


# Rooms that keep objects of their own below a caisse's prefix say which ones are still wanted.
_keepers: list[Callable[[CaisseRef], set[str]]] = []


def keep_also(keeper: Callable[[CaisseRef], set[str]]) -> None:
    """Ask this room as well, outside any scope, before an object is taken for forgotten; repeating it is harmless."""
    if keeper not in _keepers:
        _keepers.append(keeper)


@dataclass(frozen=True, slots=True)
class Difference:
    """Keys of objects without a row (and older than a day), and of rows without an object."""

    forgotten: tuple[str, ...]
    missing: tuple[str, ...]


def compare_store(*, caisse: CaisseRef) -> Difference:
    """Return how store and rows differ; outside any transaction, changes nothing."""
    objects = {found.key: found for found in get_store().list_objects(f"{caisse.id}/")}
    with tenant_transaction(caisse):
        rows = {key_of(caisse, id_) for id_ in Document.objects.values_list("id", flat=True)}
    wanted = rows.union(*(keeper(caisse) for keeper in _keepers))
    before = clock.now() - PATIENCE
    forgotten = (
        key for key, found in objects.items() if key not in wanted and found.stored_at and found.stored_at < before
    )
    # A row that is newer than the listing has its object all the same: ask again for each.
    missing = (key for key in rows - objects.keys() if not get_store().exists(key))
    return Difference(tuple(sorted(forgotten)), tuple(sorted(missing)))


def remove_forgotten(*, caisse: CaisseRef) -> int:
    """Delete the objects that no row speaks of; return how many; repeatable."""
    forgotten = compare_store(caisse=caisse).forgotten
    for key in forgotten:
        get_store().delete(key)
    return len(forgotten)
