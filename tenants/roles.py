"""Database roles and what each may do; plain SQL over psycopg, repeatable at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from tenants.naming import (
    APP,
    CAISSES_ROLE,
    EXTENSIONS_SCHEMA,
    OWNER,
    PLATFORM_ROLE,
    PLATFORM_SCHEMA,
    PROVISIONER,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

# Extensions that PostgreSQL's contrib ships; they need no superuser and live in public.
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin", "btree_gist")

_ROLES = {
    OWNER: "NOLOGIN",
    PROVISIONER: "LOGIN CREATEROLE INHERIT",
    APP: "LOGIN NOINHERIT",
    PLATFORM_ROLE: "NOLOGIN",
    CAISSES_ROLE: "NOLOGIN",
}
# Defaults of each connection, set for the login so that no connection has to set them itself.
_LOGIN_SETTINGS = {
    APP: {
        "timezone": "UTC",
        "search_path": "",
        "lock_timeout": "10s",
        "statement_timeout": "120s",
        "idle_in_transaction_session_timeout": "60s",
    },
    PROVISIONER: {"timezone": "UTC"},
}


def prepare_database(admin: psycopg.Connection, *, passwords: Mapping[str, str]) -> None:
    """Make the roles that exist once, and what only an administrator may do in this database.

    ``admin`` is a superuser's (or the database owner's, with CREATEROLE) connection in autocommit
    mode; ``passwords`` maps the two logins to theirs and may be empty. Repeatable.
    """
    with admin.transaction():
        # Two databases of one cluster may be prepared at once (test workers): roles are shared.
        admin.execute("SELECT pg_advisory_xact_lock(hashtext('relais roles'))")
        for role, attributes in _ROLES.items():
            _ensure_role(admin, role, attributes, passwords.get(role))
        for role in (PLATFORM_ROLE, CAISSES_ROLE):
            _run(admin, "GRANT {} TO {} WITH ADMIN OPTION", role, PROVISIONER)
        _run(admin, "GRANT {} TO {}", OWNER, PROVISIONER)
        _run(admin, "GRANT {} TO {}", PLATFORM_ROLE, APP)
        _prepare_public(admin)


def _ensure_role(connection: psycopg.Connection, role: str, attributes: str, password: str | None) -> None:
    _run(connection, f"{_verb(connection, role)} ROLE {{}} {attributes}", role)
    if password is not None:
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
    for name, value in _LOGIN_SETTINGS.get(role, {}).items():
        statement = sql.SQL("ALTER ROLE {} SET {} TO {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value)))


def _verb(connection: psycopg.Connection, role: str) -> str:
    exists = connection.execute("SELECT to_regrole(quote_ident(%s)) IS NOT NULL", [role]).fetchone()
    return "ALTER" if exists == (True,) else "CREATE"


def _prepare_public(admin: psycopg.Connection) -> None:
    """Leave ``public`` to extensions; let the owner create schemas; nobody makes temporaries."""
    database = admin.info.dbname
    for extension in EXTENSIONS:
        _run(admin, "CREATE EXTENSION IF NOT EXISTS {} SCHEMA {}", extension, EXTENSIONS_SCHEMA)
    _run(admin, "REVOKE CREATE ON SCHEMA {} FROM PUBLIC", EXTENSIONS_SCHEMA)
    _run(admin, "REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", database)
    _run(admin, "GRANT CREATE ON DATABASE {} TO {}", database, OWNER)


def create_caisse_role(connection: psycopg.Connection, role: str, *, login: bool) -> None:
    """Make a caisse's role and let the application become it. As the provisioner; repeatable.

    ``login`` is for Citus, whose nodes sign in to one another as the current role.
    """
    statements = [
        _compose(f"{_verb(connection, role)} ROLE {{}} {'LOGIN' if login else 'NOLOGIN'}", role),
        _compose("GRANT {} TO {}", CAISSES_ROLE, role),
        _compose("GRANT {} TO {}", role, APP),
    ]
    connection.execute(sql.SQL(";").join(statements))


def caisse_grants(*, schema: str, role: str, rights: Mapping[str, Iterable[str]]) -> sql.Composed:
    """Return SQL that lets a caisse's role use its schema's tables, for each list of rights its tables.

    For the owner; repeatable. One text, since it is part of each new caisse, and by name: ``ON ALL TABLES``
    reads the whole catalogue of all caisses. A table's own numbers (identity) need no right of their own.
    """
    granted = [_grant(rights_given, schema, tables, role) for rights_given, tables in rights.items()]
    return sql.SQL(";").join([_compose("GRANT USAGE ON SCHEMA {} TO {}", schema, role), *granted])


def caisse_revocations(*, schema: str, role: str) -> sql.Composed:
    """Return SQL that takes back what a role was given on the tables, before other rights are given."""
    return _compose("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}", schema, role)


def filling_grants(*, schema: str, role: str) -> sql.Composed:
    """Return SQL that lets a caisse's role add rows to an import's tables, until :func:`caisse_grants` follows."""
    return sql.SQL(";").join(
        [
            _compose("GRANT USAGE ON SCHEMA {} TO {}", schema, role),
            _compose("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {} TO {}", schema, role),
        ]
    )


def grant_platform(connection: psycopg.Connection, *, append_only: Iterable[str]) -> None:
    """Let the platform's role use the tables of ``platform``, of some only to add and read. As owner; repeatable."""
    for statement in (
        "GRANT USAGE ON SCHEMA {} TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {} TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}",
    ):
        _run(connection, statement, PLATFORM_SCHEMA, PLATFORM_ROLE)
    connection.execute(_revoke("INSERT, UPDATE, DELETE", PLATFORM_SCHEMA, ["django_migrations"], PLATFORM_ROLE))
    if tables := list(append_only):
        connection.execute(_revoke("UPDATE, DELETE", PLATFORM_SCHEMA, tables, PLATFORM_ROLE))


def _grant(rights: str, schema: str, tables: Iterable[str], role: str) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(schema, table) for table in tables)
    return sql.SQL(f"GRANT {rights} ON {{}} TO {{}}").format(names, sql.Identifier(role))


def _revoke(rights: str, schema: str, tables: Iterable[str], role: str) -> sql.Composed:
    """Return the statement; it needs at least one table."""
    names = sql.SQL(", ").join(sql.Identifier(schema, table) for table in tables)
    return sql.SQL(f"REVOKE {rights} ON {{}} FROM {{}}").format(names, sql.Identifier(role))


def _compose(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _run(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(_compose(statement, *names))
