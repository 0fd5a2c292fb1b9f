"""A database that cannot be reached from this process, and one that breaks off in the middle of a request."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, connections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.fixtures import Database

NOBODY_LISTENS = "1"


@contextmanager
def refused() -> Iterator[None]:
    """Let every new connection be refused, in whichever thread."""
    reached = connections.databases["default"]
    port = reached["PORT"]
    reached["PORT"] = NOBODY_LISTENS
    try:
        yield
    finally:
        reached["PORT"] = port


@contextmanager
def away() -> Iterator[None]:
    """Let every new connection be refused, and the present one be gone."""
    connection.close()
    with refused():
        yield


@contextmanager
def gone_after(queries: int, database: Database) -> Iterator[list[str]]:
    """End the server's side of the connection before the query of that number; list the queries that came."""
    port, seen = connection.settings_dict["PORT"], []

    def count(execute, statement, params, many, context):
        seen.append(statement)
        if len(seen) == queries:
            backend = connection.connection.info.backend_pid
            with database.worker.connect() as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 60000)", [backend])
            connection.settings_dict["PORT"] = NOBODY_LISTENS
        return execute(statement, params, many, context)

    try:
        with connection.execute_wrapper(count):
            yield seen
    finally:
        connection.settings_dict["PORT"] = port
