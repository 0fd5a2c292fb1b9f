"""What each role may do, asked of the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from core.audit.models import Entry
from core.audit.services import record
from core.kernel.actors import Actor
from tenants import contents
from tenants.append_only import AppendOnly
from tenants.scope import platform_transaction, tenant_transaction
from tenants.views import PLATFORM_VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tenants.scope import CaisseRef
    from tests.support.fixtures import Database

# Django fixes the name of its ledger; no search path reaches two of them.
LEDGER = "django_migrations"


@pytest.fixture
def app(caisse: CaisseRef) -> Iterator[psycopg.Connection]:
    """The application's own session, outside any scope."""
    with tenant_transaction(caisse):
        pass
    raw = connection.connection
    yield raw
    raw.rollback()


def _refused(query: str, *names: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.SQL(query).format(*map(sql.Identifier, names)))


def test_application_without_role_can_do_nothing(app: psycopg.Connection, caisse: CaisseRef) -> None:
    for schema, table in ((caisse.schema, "core_audit_entry"), ("platform", "tenants_caisse")):
        for query in ("SELECT * FROM {}", "INSERT INTO {} DEFAULT VALUES", "TRUNCATE {}"):
            with pytest.raises(InsufficientPrivilege):
                app.execute(sql.SQL(query).format(sql.Identifier(schema, table)))
    for statement in ("CREATE SCHEMA x", "CREATE TABLE public.x ()", "CREATE TEMPORARY TABLE x ()", "CREATE ROLE x"):
        with pytest.raises(InsufficientPrivilege):
            app.execute(statement)


def test_application_owns_nothing_and_cannot_become_owner(app: psycopg.Connection) -> None:
    for role in ("relais_owner", "relais_provisioner", "postgres"):
        with pytest.raises(InsufficientPrivilege):
            app.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    owned = "SELECT count(*) FROM pg_class WHERE relowner = 'relais_app'::regrole"
    assert app.execute(owned).fetchone() == (0,)


def test_caisse_reaches_neither_platform_nor_another_caisse(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        for table in ("tenants_caisse", "tenants_host", "tenants_operator", "tenants_operatorsession"):
            _refused_table("platform", table)
        for table in ("core_audit_entry", "core_outbox_entry", LEDGER):
            _refused_table(other_caisse.schema, table)


def _refused_table(schema: str, table: str) -> None:
    for query in ("SELECT * FROM {}.{}", "DELETE FROM {}.{}"):
        _refused(query, schema, table)


def test_platform_reaches_no_caisse(caisse: CaisseRef) -> None:
    with platform_transaction():
        for table in ("core_audit_entry", LEDGER):
            _refused_table(caisse.schema, table)


@pytest.mark.parametrize("statement", ["CREATE TABLE x ()", "CREATE TABLE public.x ()", "CREATE SCHEMA x"])
def test_caisse_makes_nothing(caisse: CaisseRef, statement: str) -> None:
    with tenant_transaction(caisse):
        _refused(statement)


def test_append_only_tables_cannot_be_changed(caisse: CaisseRef) -> None:
    models = [one for one in contents.models_of(contents.caisse_labels()) if issubclass(one, AppendOnly)]
    assert sorted(one._meta.db_table for one in models) == contents.append_only()
    assert {"core_audit_entry", "core_configuration_sectionversion"} <= set(contents.append_only())
    with tenant_transaction(caisse):
        for model in models:
            table, column = model._meta.db_table, model._meta.pk.column
            _refused("UPDATE {} SET {} = {}", table, column, column)
            for query in ("DELETE FROM {}", "TRUNCATE {}"):
                _refused(query, table)


def test_append_only_rows_are_refused_before_the_database_is_asked(caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        record(actor=Actor.system("test"), action="done", object_type="test", object_id=None)
        entry = Entry.objects.get(object_type="test")
        for change in (entry.save, entry.delete):
            with pytest.raises(TypeError, match="append-only"):
                change()


def test_every_other_table_can_be_used(caisse: CaisseRef) -> None:
    kept = {*contents.append_only(), *contents.READ_ONLY_TABLES}
    tables = {model._meta.db_table for model in contents.models_of(contents.caisse_labels())} - kept
    with tenant_transaction(caisse), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT bool_and(has_table_privilege(%s, needed)) FROM"
                " unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE']) AS needed",
                [table],
            )
            assert cursor.fetchone() == (True,), table


def test_no_table_name_is_in_two_places(caisse: CaisseRef, database: Database) -> None:
    places: dict[str, set[str]] = {}
    with database.worker.connect() as admin:
        rows = admin.execute(
            "SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'v', 'p', 'm', 'f') AND nspname IN ('platform', 'public', %s)",
            [caisse.schema],
        ).fetchall()
    for schema, table in rows:
        places.setdefault(table, set()).add(schema)
    assert {table for table, schemas in places.items() if len(schemas) > 1} == {LEDGER}
    assert not [table for table, schemas in places.items() if "public" in schemas]


def test_views_of_the_platform_show_a_caisse_itself_only(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    for one in (caisse, other_caisse):
        with tenant_transaction(one), connection.cursor() as cursor:
            cursor.execute("SELECT slug FROM platform.own_caisse")
            assert cursor.fetchall() == [(one.slug,)]
            cursor.execute("SELECT host FROM platform.own_addresses")
            assert cursor.fetchall() == []


def test_readable_relations_of_the_platform_are_the_named_views(caisse: CaisseRef, database: Database) -> None:
    with database.worker.connect() as admin:
        rows = admin.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'platform'::regnamespace AND relkind IN ('r', 'v', 'S')"
            " AND (has_table_privilege(%(role)s, oid, 'SELECT') OR has_any_column_privilege(%(role)s, oid, 'INSERT'))",
            {"role": caisse.role},
        ).fetchall()
    assert {name for (name,) in rows} == set(PLATFORM_VIEWS)


def test_provisioner_is_not_configured_where_requests_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.embedded.local import Local

    monkeypatch.setenv("RELAIS_PROCESS", "web")
    assert set(Local().databases) == {"default"}
    monkeypatch.delenv("RELAIS_PROCESS")
    assert set(Local().databases) == {"default", "provisioner"}


def test_operators_are_unique_by_mail_in_any_case() -> None:
    from core.kernel import clock
    from tenants.models import Operator

    with platform_transaction():
        Operator.objects.create(email="op@example.ch", name="One", created_at=clock.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            Operator.objects.create(email="OP@example.ch", name="Two", created_at=clock.now())


def test_connection_of_the_provisioner_is_another_login() -> None:
    with connections["provisioner"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('TimeZone')")
        assert cursor.fetchone() == ("relais_provisioner", "UTC")
