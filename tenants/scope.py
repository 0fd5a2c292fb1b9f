"""The two scopes in which the database may be touched: one caisse, or the platform.

A scope is one short transaction. Work outside the database (PDF, S3, SMTP, parsers, templates)
belongs before or after it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from tenants.backend.bounds import Bounds
from tenants.errors import ScopeConflict, ScopeMissing
from tenants.reference import CaisseRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.backend.base import DatabaseWrapper

__all__ = [
    "CaisseRef",
    "current_bounds",
    "current_caisse",
    "platform_transaction",
    "tenant_transaction",
]


@contextmanager
def tenant_transaction(caisse: CaisseRef) -> Iterator[None]:
    """Open a transaction confined to one caisse: its role, its schema.

    Within a scope of the same caisse it is a savepoint. Raises ``ScopeConflict`` within a scope
    of anything else. Hooks of ``transaction.on_commit`` run after the scope has ended.
    """
    with _scope(Bounds.of_caisse(caisse)):
        yield


@contextmanager
def platform_transaction() -> Iterator[None]:
    """Open a transaction confined to the schema ``platform``; no caisse's tables are visible."""
    with _scope(Bounds.of_platform()):
        yield


def current_bounds() -> Bounds | None:
    """Return the open scope of this thread, or None."""
    return _connection().bounds


def current_caisse() -> CaisseRef:
    """Return the caisse of the open scope; raises ``ScopeMissing`` where there is none."""
    bounds = _connection().bounds
    if bounds is None or bounds.caisse is None:
        message = "No caisse's scope is open."
        raise ScopeMissing(message)
    return bounds.caisse


@contextmanager
def _scope(bounds: Bounds) -> Iterator[None]:
    connection = _connection()
    outer = connection.bounds
    if outer is not None:
        _check_same(outer, bounds)
        with transaction.atomic():
            yield
        return
    connection.armed = bounds
    try:
        with transaction.atomic():
            connection.armed = None
            yield
    finally:
        connection.armed = None
        connection.bounds = None


def _check_same(outer: Bounds, inner: Bounds) -> None:
    if outer.role != inner.role:
        message = f"A scope of {inner.role} cannot open within one of {outer.role}."
        raise ScopeConflict(message)


def _connection() -> DatabaseWrapper:
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])
