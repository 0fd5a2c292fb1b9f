"""The provisioner's connection: locks, the owner's rights, one schema at a time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from django.db import connections, transaction
from django.utils.connection import ConnectionDoesNotExist

from tenants.backend.base import EXEMPT_ALIAS
from tenants.errors import PlatformNotReady
from tenants.naming import OWNER, PLATFORM_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tenants.backend.base import DatabaseWrapper

# A migration that waits for a lock makes every query behind it wait too.
LOCK_TIMEOUT = "200ms"


def provisioner() -> DatabaseWrapper:
    """Return this thread's connection. Processes that serve requests have none."""
    try:
        return cast("DatabaseWrapper", connections[EXEMPT_ALIAS])
    except ConnectionDoesNotExist as error:
        raise PlatformNotReady from error


def raw() -> psycopg.Connection[Any]:
    """Return psycopg's side of the connection, for several statements in one round trip."""
    connection = provisioner()
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)


def become_owner() -> psycopg.Connection[Any]:
    """Have the owner's rights until the running transaction ends; names need their schema."""
    connection = raw()
    connection.execute(f"SET LOCAL ROLE {OWNER}; SET LOCAL search_path TO ''")
    return connection


@contextmanager
def owner_transaction() -> Iterator[psycopg.Connection[Any]]:
    """Open a transaction with the owner's rights; what it makes belongs to the owner."""
    with transaction.atomic(using=EXEMPT_ALIAS, durable=True):
        yield become_owner()


@contextmanager
def owner_session(schema: str) -> Iterator[DatabaseWrapper]:
    """Work as the owner within one schema, transaction by transaction, as migrations do."""
    connection = provisioner()
    connection.set_schema(schema)
    raw().execute(f"SET ROLE {OWNER}; SET lock_timeout TO '{LOCK_TIMEOUT}'")
    try:
        yield connection
    finally:
        raw().execute("RESET ROLE; RESET lock_timeout")
        connection.set_schema(PLATFORM_SCHEMA)


@contextmanager
def exclusive(name: str) -> Iterator[bool]:
    """Hold a lock while the connection lives; yields whether it was free. Ends with a kill."""
    connection = raw()
    held = connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 7))", [name])
    got = bool((held.fetchone() or [False])[0])
    try:
        yield got
    finally:
        if got and not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 7))", [name])


@contextmanager
def waiting(name: str) -> Iterator[None]:
    """Hold the same kind of lock, waiting for whoever has it."""
    connection = raw()
    connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 7))", [name])
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 7))", [name])
