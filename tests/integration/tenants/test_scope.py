"""Scopes with real commits: who sees what, and what happens outside, within and after one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction

from core.audit.models import Entry
from core.audit.services import record
from core.kernel.actors import Actor
from tenants.errors import ScopeConflict, ScopeMissing
from tenants.models import Caisse
from tenants.scope import CaisseRef, current_bounds, current_caisse, platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from tests.support.fixtures import Database

WHERE_AM_I = "SELECT current_user, current_schemas(false)"


def _write(name: str) -> None:
    record(actor=Actor.system("test"), action=name, object_type="test", object_id=None)


def _names() -> set[str]:
    return set(Entry.objects.filter(object_type="test").values_list("action", flat=True))


def _sql(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_rows_stay_in_their_caisse(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        _write("ours")
        assert current_caisse() == caisse
    with tenant_transaction(other_caisse):
        _write("theirs")
        assert _names() == {"theirs"}
    with tenant_transaction(caisse):
        assert _names() == {"ours"}
        assert _sql(WHERE_AM_I) == [(caisse.role, [caisse.schema, "public"])]


@pytest.mark.parametrize(
    "query",
    [
        lambda: Entry.objects.count(),
        lambda: list(Entry.objects.iterator()),
        lambda: connection.cursor(),
        lambda: connection.chunked_cursor(),
        lambda: Caisse.objects.exists(),
        lambda: Entry(action="x", at="2026-01-01T00:00Z").save(),
        lambda: transaction.atomic().__enter__(),
        lambda: transaction.set_autocommit(False),
        lambda: connection.introspection.table_names(),
        lambda: ContentType.objects.create(app_label="x", model="y"),
    ],
)
def test_every_way_to_the_database_needs_a_scope(query: object, caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        _names()
    for _again in range(2):
        with pytest.raises(ScopeMissing):
            query()
    with tenant_transaction(caisse):
        assert _names() == set()


def test_current_caisse_needs_a_caisse() -> None:
    with pytest.raises(ScopeMissing):
        current_caisse()
    with platform_transaction(), pytest.raises(ScopeMissing):
        current_caisse()
    assert current_bounds() is None


def test_other_scope_within_is_refused(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        for opening in (tenant_transaction(other_caisse), platform_transaction()):
            with pytest.raises(ScopeConflict), opening:
                pass
        assert _names() == set()
    with platform_transaction(), pytest.raises(ScopeConflict), tenant_transaction(caisse):
        pass


def test_same_scope_within_is_a_savepoint(caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        _write("kept")
        with pytest.raises(ZeroDivisionError), tenant_transaction(caisse):
            _write("dropped")
            raise ZeroDivisionError
        with tenant_transaction(caisse):
            _write("kept too")
    with tenant_transaction(caisse):
        assert _names() == {"kept", "kept too"}


def test_failed_scope_leaves_nothing(caisse: CaisseRef) -> None:
    with pytest.raises(ZeroDivisionError), tenant_transaction(caisse):
        _write("lost")
        raise ZeroDivisionError
    assert current_bounds() is None
    with tenant_transaction(caisse):
        assert _names() == set()


def test_savepoint_rollback_confines_again(caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        for loosened in ("SET LOCAL search_path TO public", "SET LOCAL ROLE relais_app"):
            _sql(loosened)
            with pytest.raises(ProgrammingError), transaction.atomic():
                _sql("SELECT * FROM nothing_here")
            assert _sql(WHERE_AM_I) == [(caisse.role, [caisse.schema, "public"])]
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _sql("SET LOCAL ROLE relais_app")
            raise ZeroDivisionError
        assert _sql(WHERE_AM_I) == [(caisse.role, [caisse.schema, "public"])]


def test_commit_hooks_run_outside_and_may_open_scopes(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    seen = []

    def hook() -> None:
        seen.append(current_bounds())
        with tenant_transaction(other_caisse):
            _write("after")

    with tenant_transaction(caisse):
        transaction.on_commit(hook)
    with tenant_transaction(other_caisse):
        assert _names() == {"after"}
    assert seen == [None]


def test_poisoned_session_does_not_reach_the_next_scope(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    """F16: what a pooled server connection was left with by somebody else must not matter."""
    with tenant_transaction(other_caisse):
        _write("theirs")
        _sql(f"SET SESSION search_path TO {other_caisse.schema}; SELECT 1")
        _sql(f"SET SESSION ROLE {other_caisse.role}; SELECT 1")
    with tenant_transaction(caisse):
        assert _names() == set()
        assert _sql(WHERE_AM_I) == [(caisse.role, [caisse.schema, "public"])]
    with pytest.raises(ScopeMissing):
        _names()
    connection.close()


def test_nothing_is_left_in_the_session(caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        _names()
    raw = connection.connection
    assert raw.execute("SELECT current_user, current_setting('search_path')").fetchone() == ("relais_app", '""')
    assert raw.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
    assert raw.execute("SELECT name FROM pg_settings WHERE source = 'session'").fetchall() == []


def test_threads_have_scopes_of_their_own(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    results: dict[str, object] = {}

    def work(name: str) -> None:
        try:
            results[name] = current_bounds()
            with tenant_transaction(other_caisse):
                _write("from thread")
            Entry.objects.count()
        except ScopeMissing:
            results[name + " outside"] = "refused"
        finally:
            connection.close()

    with tenant_transaction(caisse):
        thread = threading.Thread(target=work, args=["thread"])
        thread.start()
        thread.join()
        assert _names() == set()
    assert results == {"thread": None, "thread outside": "refused"}


def test_rows_cannot_be_streamed_after_the_scope(caisse: CaisseRef) -> None:
    def rows() -> object:
        yield from Entry.objects.values_list("action", flat=True)

    with tenant_transaction(caisse):
        stream = rows()
    with pytest.raises(ScopeMissing):
        list(stream)


def test_many_rows_can_be_iterated_within(caisse: CaisseRef) -> None:
    with tenant_transaction(caisse):
        for number in range(30):
            _write(f"row {number}")
        assert len(list(Entry.objects.filter(object_type="test").iterator(chunk_size=7))) == 30


def test_connection_lost_while_idle_is_replaced(caisse: CaisseRef, database: Database) -> None:
    with tenant_transaction(caisse):
        _write("before")
        [(pid,)] = _sql("SELECT pg_backend_pid()")
    with database.worker.connect() as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
    with tenant_transaction(caisse):
        assert _names() == {"before"}


def test_connection_lost_in_a_scope_ends_it(caisse: CaisseRef, database: Database) -> None:
    with pytest.raises(OperationalError), tenant_transaction(caisse):
        _write("lost")
        [(pid,)] = _sql("SELECT pg_backend_pid()")
        with database.worker.connect() as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
        _write("never")
    assert current_bounds() is None
    with tenant_transaction(caisse):
        assert _names() == set()


def test_unknown_role_leaves_a_usable_connection(caisse: CaisseRef) -> None:
    with pytest.raises(DatabaseError), tenant_transaction(CaisseRef("zzzzzzzz", "nobody")):
        pass
    with tenant_transaction(caisse):
        assert _names() == set()


def test_beginning_costs_no_query_of_its_own(caisse: CaisseRef, database: Database) -> None:
    connection.close()
    with database.worker.connect() as admin:
        count = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        assert admin.execute(count).fetchone()
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    with tenant_transaction(caisse):
        _names()
    statements = [one["sql"] for one in connection.queries_log]
    connection.force_debug_cursor = False
    assert len([one for one in statements if one not in ("BEGIN", "COMMIT")]) == 1


def test_content_types_are_equal_in_all_caisses(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    def stored() -> dict[tuple[str, str], int]:
        rows = ContentType.objects.values_list("app_label", "model", "id")
        return {(label, model): number for label, model, number in rows}

    with tenant_transaction(caisse):
        ours, kept = stored(), ContentType.objects.get_for_model(Entry)
    with tenant_transaction(other_caisse):
        assert stored() == ours
        assert ContentType.objects.get_for_model(Entry) is kept
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ContentType.objects.create(app_label="x", model="y")


def test_schema_cannot_be_chosen_past_the_scope(caisse: CaisseRef) -> None:
    from django_tenants.utils import schema_context

    for choose in (connection.set_schema, connection.set_schema_to_public):
        with pytest.raises(ScopeConflict):
            choose(*[caisse.schema] if choose == connection.set_schema else [])
    with pytest.raises(ScopeConflict), schema_context(caisse.schema):
        pass
