"""Bringing many caisses up to date: few queries, one failure stops nobody, a rerun converges."""

from __future__ import annotations

import tempfile
import threading
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from core.audit.models import Entry
from tenants import contents, migrating, owning
from tenants.errors import MigrationRunning
from tenants.models import SchemaState
from tenants.provisioning import create_caisse
from tenants.registration import Request
from tenants.scope import platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from tenants.scope import CaisseRef
    from tests.support.fixtures import Database

# The last migration of this app adds nothing that others need, so it can be taken back here.
APP, TABLE = "core_audit", "core_audit_entry"


def _fall_behind(admin: psycopg.Connection, caisse: CaisseRef) -> None:
    """Bring the schema to where it was before the app's migrations."""
    schema = sql.Identifier(caisse.schema)
    admin.execute(sql.SQL("DROP TABLE {}.{}").format(schema, sql.Identifier(TABLE)))
    admin.execute(sql.SQL("DELETE FROM {}.django_migrations WHERE app = {}").format(schema, sql.Literal(APP)))


def _stand_in_the_way(admin: psycopg.Connection, caisse: CaisseRef) -> None:
    schema = sql.Identifier(caisse.schema)
    admin.execute(sql.SQL("CREATE TABLE {}.{} (id int)").format(schema, sql.Identifier(TABLE)))


def _locks(database: Database) -> int:
    """Count the locks that keep a second migration out."""
    with database.worker.connect() as admin:
        query = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return admin.execute(query).fetchone()[0]


def test_current_caisses_are_left_alone(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    outcomes = migrating.migrate_caisses([caisse, other_caisse])
    assert [one.result for one in outcomes] == ["current", "current"]


def test_number_of_queries_does_not_grow_with_the_caisses(caisse: CaisseRef, database: Database) -> None:
    refs = [caisse, *(create_caisse(Request(f"more{number}")) for number in range(4))]
    contents.migrations_of(contents.caisse_labels())
    counted = []
    for some in (refs[:1], refs):
        counted.append(_statements_of(lambda some=some: migrating.find_behind([one.schema for one in some])))
    assert counted == [2, 2]
    assert _statements_of(lambda: migrating.migrate_caisses(refs)) == 4  # and a lock, taken and given back


def _statements_of(work: Callable[[], object]) -> int:
    """Count what this session sends, by libpq's own record of the wire."""
    pgconn = owning.raw().pgconn
    with tempfile.TemporaryFile() as record:
        pgconn.trace(record.fileno())
        work()
        pgconn.untrace()
        record.seek(0)
        sent = [line.split(b"\t") for line in record.read().splitlines()]
    return sum(1 for fields in sent if len(fields) > 3 and fields[1] == b"F" and fields[3] in (b"Query", b"Execute"))


def test_caisse_behind_is_migrated_and_keeps_its_rights(
    caisse: CaisseRef, other_caisse: CaisseRef, database: Database
) -> None:
    with database.worker.connect() as admin:
        _fall_behind(admin, caisse)
    told = []
    outcomes = migrating.migrate_caisses([caisse, other_caisse], progress=told.append)
    assert [one.result for one in outcomes] == ["migrated", "current"]
    assert told == outcomes[:1]
    with tenant_transaction(caisse):
        assert Entry.objects.count() == 0
    assert not migrating.find_behind([caisse.schema, other_caisse.schema])


def test_one_failure_stops_nobody_and_a_rerun_converges(
    caisse: CaisseRef, other_caisse: CaisseRef, database: Database
) -> None:
    with database.worker.connect() as admin:
        _fall_behind(admin, caisse)
        _stand_in_the_way(admin, caisse)
        _fall_behind(admin, other_caisse)
    locked = []
    first = migrating.migrate_caisses([caisse, other_caisse], progress=lambda _one: locked.append(_locks(database)))
    assert locked == [1, 1]
    assert [one.result for one in first] == ["failed", "migrated"]
    assert "already exists" in first[0].error
    with platform_transaction():
        assert "already exists" in SchemaState.objects.get(pk=caisse.schema).error
    with database.worker.connect() as admin:
        admin.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(caisse.schema, TABLE)))
    second = migrating.migrate_caisses([caisse, other_caisse])
    assert [one.result for one in second] == ["migrated", "current"]
    with platform_transaction():
        assert SchemaState.objects.get(pk=caisse.schema).error == ""


def test_missing_schema_is_a_failure_of_that_caisse(caisse: CaisseRef, database: Database) -> None:
    from tenants.reference import CaisseRef as Ref

    outcomes = migrating.migrate_caisses([Ref("zzzzzzzz", "lost"), caisse])
    assert [one.result for one in outcomes] == ["failed", "current"]


def test_changed_rights_are_given_anew(caisse: CaisseRef, database: Database) -> None:
    with database.worker.connect() as admin:
        admin.execute("UPDATE platform.tenants_schemastate SET rights = 'old' WHERE schema_name = %s", [caisse.schema])
        grant = sql.SQL("GRANT DELETE ON {} TO {}")
        admin.execute(grant.format(sql.Identifier(caisse.schema, TABLE), sql.Identifier(caisse.role)))
    assert [one.result for one in migrating.migrate_caisses([caisse])] == ["migrated"]
    with database.worker.connect() as admin:
        may = admin.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", [caisse.role, f"{caisse.schema}.{TABLE}"])
        assert may.fetchone() == (False,)


def test_lock_that_is_given_back_in_time_is_waited_for(caisse: CaisseRef, database: Database) -> None:
    with database.worker.connect() as admin:
        _fall_behind(admin, caisse)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with database.worker.connect() as admin, admin.transaction():
            admin.execute(sql.SQL("LOCK TABLE {}").format(sql.Identifier(caisse.schema, "django_migrations")))
            held.set()
            release.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    threading.Timer(0.7, release.set).start()
    try:
        migrating.migrate_schema(caisse.schema, contents.caisse_labels())
    finally:
        release.set()
        thread.join()


def test_two_migrations_do_not_run_at_once(caisse: CaisseRef, database: Database) -> None:
    with database.worker.connect() as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('relais migrate', 7))")
        with pytest.raises(MigrationRunning):
            migrating.migrate_caisses([caisse])
        other.execute("SELECT pg_advisory_unlock(hashtextextended('relais migrate', 7))")
    assert [one.result for one in migrating.migrate_caisses([caisse])] == ["current"]
