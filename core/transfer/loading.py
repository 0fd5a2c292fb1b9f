"""Filling a new caisse's tables from an export, under its own role, whatever version the export is of."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from psycopg import sql

from core.transfer import tables
from core.transfer.errors import ExportDamaged, ExportNewer, ExportOfOtherTables
from tenants import contents, migrating, owning, provisioning, roles
from tenants.backend.base import EXEMPT_ALIAS
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.transfer.archive import Part
    from core.transfer.manifest import Manifest, Table
    from tenants.registration import Job
    from tenants.scope import CaisseRef

_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = %s AND c.relkind = 'r' GROUP BY c.relname
"""
_SEQUENCES = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> '' WHERE n.nspname = %s AND c.relkind = 'r'
"""


def check_version(manifest: Manifest) -> None:
    """Raise unless this code knows every migration of the export: then it can make such tables."""
    known = {f"{app}.{name}" for app, name in contents.migrations_of(contents.caisse_labels())}
    apps = {one.partition(".")[0] for one in known}
    for unknown in sorted(set(manifest.migrations) - known):
        if unknown.partition(".")[0] not in apps:
            raise ExportOfOtherTables(table=unknown.partition(".")[0])
        raise ExportNewer(version=manifest.platform_version)
    for table in manifest.tables:
        if table.name in tables.STAY:
            raise ExportOfOtherTables(table=table.name)


def is_of_this_version(manifest: Manifest) -> bool:
    """Whether the export's tables have seen exactly the migrations of this code."""
    known = contents.migrations_of(contents.caisse_labels())
    return set(manifest.migrations) == {f"{app}.{name}" for app, name in known}


def make_tables(job: Job, manifest: Manifest) -> None:
    """Make the empty tables as the export's version had them. Raises ``ExportOfOtherTables``."""
    if is_of_this_version(manifest):
        provisioning.make_schema(job)
    else:
        _make_earlier_schema(job.caisse, manifest)
    _check_tables(job.caisse, manifest)


def _make_earlier_schema(caisse: CaisseRef, manifest: Manifest) -> None:
    login = getattr(settings, "CAISSE_ROLES_LOGIN", False)
    with transaction.atomic(using=EXEMPT_ALIAS):
        roles.create_caisse_role(owning.raw(), caisse.role, login=login)
        owning.become_owner().execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(caisse.schema)))
    migrating.migrate_to(caisse.schema, manifest.migrations)
    with owning.owner_transaction() as owner:
        owner.execute(roles.filling_grants(schema=caisse.schema, role=caisse.role))


def _check_tables(caisse: CaisseRef, manifest: Manifest) -> None:
    found = {name: set(columns) for name, columns in owning.raw().execute(_COLUMNS, [caisse.schema])}
    for table in manifest.tables:
        if found.get(table.name) != set(table.columns):
            raise ExportOfOtherTables(table=table.name)
    missing = set(found) - {table.name for table in manifest.tables} - set(tables.STAY)
    if missing:
        raise ExportOfOtherTables(table=min(missing))


@contextmanager
def filling(caisse: CaisseRef) -> Iterator[None]:
    """Open the one transaction in which rows come in, without limits of time. Raises ``ExportDamaged`` at its end.

    Foreign keys are compared when it commits.
    """
    try:
        with tenant_transaction(caisse):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            yield
    except (DataError, IntegrityError) as error:
        raise ExportDamaged(place="tables") from error


def load_piece(table: Table, part: Part) -> int:
    """Copy a piece into its table and return how many rows. Raises ``ExportDamaged``."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    try:
        with connection.cursor() as cursor:
            with cursor.copy(statement) as copy:
                for chunk in part.chunks:
                    copy.write(chunk)
            return int(cursor.rowcount)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise ExportDamaged(place=part.name) from error


def complete_tables(caisse: CaisseRef, manifest: Manifest) -> None:
    """Bring the filled tables up to this version, with its rights, and let the numbers go on after the rows."""
    if not is_of_this_version(manifest):
        migrating.migrate_schema(caisse.schema, contents.caisse_labels())
    with owning.owner_transaction() as owner:
        owner.execute(migrating.change_of_rights(caisse))
        for table, column in owner.execute(_SEQUENCES, [caisse.schema]).fetchall():
            owner.execute(_after_last(caisse.schema, table, column))


def _after_last(schema: str, table: str, column: str) -> sql.Composed:
    """Return SQL that sets a sequence behind the largest number in use."""
    return sql.SQL(
        "SELECT setval(pg_get_serial_sequence({name}, {column}), greatest(max({field}), 1), max({field}) IS NOT NULL)"
        " FROM {table}"
    ).format(
        name=sql.Literal(f'"{schema}"."{table}"'),
        column=sql.Literal(column),
        field=sql.Identifier(column),
        table=sql.Identifier(schema, table),
    )
