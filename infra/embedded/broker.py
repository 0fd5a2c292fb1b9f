"""The task queues inside PostgreSQL: own role, own schema, made at provisioning by pgmq's SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from pgmq.install import get_embedded_install_sql, get_embedded_sql_version
from psycopg import sql

from infra.embedded.local import BROKER
from infra.queues import QUEUES

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROLE = sql.Identifier(BROKER)


@dataclass(frozen=True, slots=True)
class Depth:
    """How much waits in a queue, and for how many seconds the oldest message has waited."""

    queue: str
    waiting: int
    oldest_seconds: int


def provision(admin: psycopg.Connection, password: str, queues: Iterable[str] = QUEUES) -> None:
    """Create role, schema and queues by a superuser's session; repeatable.

    The SQL of the wheel cannot be upgraded in place; another version of it drops and remakes the
    schema, which loses nothing but alarm bells.
    """
    with admin.transaction():
        _make_role(admin, password)
        if _installed_version(admin) != get_embedded_sql_version():
            admin.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")
            _install(admin)
        for queue in queues:
            _create_queue(admin, queue)


def _make_role(admin: psycopg.Connection, password: str) -> None:
    found = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [BROKER]).fetchone()
    verb = sql.SQL("ALTER" if found else "CREATE")
    options = sql.SQL("{} ROLE {} LOGIN NOINHERIT PASSWORD {}")
    admin.execute(options.format(verb, _ROLE, sql.Literal(password)))
    grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
    admin.execute(grant.format(sql.Identifier(admin.info.dbname), _ROLE))


def _installed_version(admin: psycopg.Connection) -> str:
    query = "SELECT obj_description(to_regnamespace('pgmq'), 'pg_namespace')"
    (version,) = admin.execute(query).fetchone() or ("",)
    return str(version or "")


def _install(admin: psycopg.Connection) -> None:
    database = sql.Identifier(admin.info.dbname)
    # The script creates its schema itself, for which its role needs the right a moment long.
    admin.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, _ROLE))
    admin.execute(sql.SQL("SET LOCAL ROLE {}").format(_ROLE))
    admin.execute(get_embedded_install_sql().encode())
    version = sql.Literal(get_embedded_sql_version())
    admin.execute(sql.SQL("COMMENT ON SCHEMA pgmq IS {}").format(version))
    admin.execute("RESET ROLE")
    admin.execute(sql.SQL("REVOKE CREATE ON DATABASE {} FROM {}").format(database, _ROLE))


def _create_queue(admin: psycopg.Connection, queue: str) -> None:
    admin.execute(sql.SQL("SET LOCAL ROLE {}").format(_ROLE))
    admin.execute("SELECT pgmq.create(%s)", [queue])
    admin.execute("RESET ROLE")


def list_depths(session: psycopg.Connection) -> list[Depth]:
    """Return the depth of every queue; the broker's health, since workers answer no pings."""
    rows = session.execute(
        "SELECT queue_name, queue_length, coalesce(oldest_msg_age_sec, 0) FROM pgmq.metrics_all() ORDER BY queue_name"
    )
    return [Depth(*row) for row in rows]
