"""Bringing many schemas up to date: one query finds who is behind, a failure stops nobody else."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql
from psycopg.errors import LockNotAvailable

from core.kernel import clock
from tenants import contents, owning, roles
from tenants.errors import MigrationRunning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tenants.reference import CaisseRef

_log = logging.getLogger(__name__)
LOCK_TRIES = 25
_LOCK_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one schema fared."""

    schema: str
    slug: str
    result: Literal["current", "migrated", "failed"]
    error: str = ""
    seconds: float = 0.0


def find_behind(schemas: Iterable[str]) -> set[str]:
    """Return the schemas that lack a migration or the present rights; two queries for any number."""
    wanted = list(schemas)
    expected = [f"{app}.{name}" for app, name in contents.migrations_of(contents.caisse_labels())]
    counted = _count_applied(_with_ledger(wanted), expected)
    rights = contents.rights_fingerprint()
    return {one for one in wanted if counted.get(one) != (len(expected), rights)}


def _with_ledger(schemas: list[str]) -> list[str]:
    found = owning.raw().execute(
        "SELECT schemaname FROM pg_tables WHERE tablename = 'django_migrations' AND schemaname = ANY(%s)",
        [schemas],
    )
    return [name for (name,) in found]


def _count_applied(schemas: list[str], expected: list[str]) -> dict[str, tuple[int, str]]:
    """Return per schema how many of the expected migrations it has, and its rights: one query."""
    if not schemas:
        return {}
    one = (
        "SELECT {name} AS schema_name, count(*) AS applied FROM {table}"
        " WHERE app || '.' || name IN (SELECT key FROM expected)"
    )
    union = sql.SQL(" UNION ALL ").join(
        sql.SQL(one).format(name=sql.Literal(schema), table=sql.Identifier(schema, "django_migrations"))
        for schema in schemas
    )
    query = sql.SQL(
        "WITH expected AS MATERIALIZED (SELECT unnest({keys}::text[]) AS key), counted AS ({union})"
        " SELECT c.schema_name, c.applied, coalesce(s.rights, '') FROM counted c"
        " LEFT JOIN platform.tenants_schemastate s USING (schema_name)"
    ).format(keys=sql.Literal(expected), union=union)
    return {name: (applied, rights) for name, applied, rights in owning.raw().execute(query)}


def migrate_caisses(
    caisses: Iterable[CaisseRef], *, progress: Callable[[Outcome], None] = lambda _one: None
) -> list[Outcome]:
    """Migrate the caisses that are behind; a rerun goes on where a killed one ended.

    Raises ``MigrationRunning`` when another process does the same.
    """
    refs = list(caisses)
    with owning.exclusive("relais migrate") as got:
        if not got:
            raise MigrationRunning
        behind = find_behind([one.schema for one in refs])
        return [_outcome_of(one, behind, progress) for one in refs]


def _outcome_of(caisse: CaisseRef, behind: set[str], progress: Callable[[Outcome], None]) -> Outcome:
    if caisse.schema not in behind:
        return Outcome(caisse.schema, caisse.slug, "current")
    started = time.monotonic()
    error = _try_migrating(caisse)
    result: Literal["migrated", "failed"] = "failed" if error else "migrated"
    outcome = Outcome(caisse.schema, caisse.slug, result, error, time.monotonic() - started)
    progress(outcome)
    return outcome


def _try_migrating(caisse: CaisseRef) -> str:
    """Return an empty text, or what went wrong; the state of the schema is written down."""
    try:
        migrate_schema(caisse.schema, contents.caisse_labels())
        with owning.owner_transaction() as connection:
            connection.execute(change_of_rights(caisse))
    except Exception as error:  # noqa: BLE001 -- whatever it is, the other caisses go on
        _log.exception("migration of %s failed", caisse.schema)
        # Kept where it still works: the lock that keeps others out belongs to it.
        owning.provisioner().close_if_unusable_or_obsolete()
        text = f"{type(error).__name__}: {error}".strip()
        owning.raw().execute(_state_statement(caisse.schema, error=text))
        return text
    return ""


def migrate_schema(schema: str, labels: frozenset[str]) -> None:
    """Run the missing migrations of the apps in one schema; each is a transaction of its own."""
    for left in reversed(range(LOCK_TRIES)):
        try:
            _migrate_once(schema, labels)
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, LockNotAvailable):
                raise
            time.sleep(_LOCK_PAUSE_SECONDS)
        else:
            return


def migrate_to(schema: str, migrations: Iterable[str]) -> None:
    """Bring an empty schema to the state that has exactly these migrations (``app.name``), and no further."""
    wanted = {(app, name) for app, _dot, name in (one.partition(".") for one in migrations)}
    with owning.owner_session(schema) as connection:
        executor = MigrationExecutor(connection)
        graph = executor.loader.graph
        # The last ones: those that no other of the same app builds upon.
        built_upon = {parent.key for key in wanted for parent in graph.node_map[key].parents if parent.key[0] == key[0]}
        executor.migrate(sorted(wanted - built_upon))


def _migrate_once(schema: str, labels: frozenset[str]) -> None:
    with owning.owner_session(schema) as connection:
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        targets = [key for key in executor.loader.graph.leaf_nodes() if key[0] in labels]
        executor.migrate(targets)
        if labels == contents.caisse_labels():
            _write_content_types(connection)


def _write_content_types(connection: Any) -> None:
    rows = [
        (contents.content_type_id(one.app_label, one.model_name), one.app_label, one.model_name)
        for one in (model._meta for model in contents.models_of(contents.caisse_labels()))
        if not one.auto_created
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO django_content_type (id, app_label, model) VALUES (%s, %s, %s)"
            " ON CONFLICT (app_label, model) DO NOTHING",
            rows,
        )


def rights_statements(caisse: CaisseRef) -> sql.Composed:
    """Return SQL that gives a new caisse's role its rights and writes them down; for the owner."""
    grants = roles.caisse_grants(schema=caisse.schema, role=caisse.role, rights=contents.rights())
    return sql.SQL(";").join([grants, _state_statement(caisse.schema, rights=contents.rights_fingerprint())])


def change_of_rights(caisse: CaisseRef) -> sql.Composed:
    """Return SQL that gives the role exactly today's rights, whatever it had; for the owner."""
    taken = roles.caisse_revocations(schema=caisse.schema, role=caisse.role)
    return sql.SQL(";").join([taken, rights_statements(caisse)])


def _state_statement(schema: str, *, rights: str = "", error: str = "") -> sql.Composed:
    values = [sql.Literal(value) for value in (schema, rights, clock.now(), error)]
    return sql.SQL(
        "INSERT INTO platform.tenants_schemastate (schema_name, rights, migrated_at, error)"
        " VALUES ({}) ON CONFLICT (schema_name) DO UPDATE SET"
        " rights = excluded.rights, migrated_at = excluded.migrated_at, error = excluded.error"
    ).format(sql.SQL(", ").join(values))
