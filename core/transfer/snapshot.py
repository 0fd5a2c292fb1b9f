"""A caisse's rows at one moment, as COPY text: one read-only transaction under the caisse's own role."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg import sql

from core.configuration.registry import list_sections
from core.configuration.secret import Secret
from core.transfer import tables
from core.transfer.manifest import MissingSecret, Table
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

    from tenants.scope import CaisseRef

PIECE_BYTES = 4 * 2**20
SECTIONS = "core_configuration_sectionversion"
# Every secret of every version becomes empty: what was sealed cannot be read elsewhere, and what a
# reference points at lies elsewhere.
_WITHOUT_SECRETS = """
CASE WHEN section = ANY({sections}) THEN (
    SELECT coalesce(jsonb_object_agg(one.key, CASE WHEN (section || '.' || one.key) = ANY({fields})
        THEN '""'::jsonb ELSE one.value END), '{{}}')
    FROM jsonb_each(value) one)
ELSE value END
"""


@dataclass(slots=True)
class Piece:
    """Some whole rows of one table; at most some megabytes unless one row is larger."""

    table: str
    number: int
    text: bytes
    rows: int


@dataclass(slots=True)
class Counts:
    """How many rows each table gave."""

    rows: dict[str, int] = field(default_factory=dict)


@contextmanager
def moment(caisse: CaisseRef) -> Iterator[None]:
    """Hold one moment of the caisse: whatever others commit meanwhile is not seen."""
    with tenant_transaction(caisse):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def describe_tables() -> tuple[Table, ...]:
    """Return the tables that travel with their columns."""
    return tuple(Table(name=one._meta.db_table, columns=columns_of(one)) for one in tables.list_travelling())


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """Return the names of a table's columns."""
    return tuple(str(one.column) for one in model._meta.local_concrete_fields)


def list_migrations() -> tuple[str, ...]:
    """Return the migrations that the caisse's tables have seen, in order; within its scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return tuple(name for (name,) in cursor.fetchall())


def secret_fields() -> list[tuple[str, str]]:
    """Return section and name of every setting that is a secret."""
    return [
        (section.key, name)
        for section in list_sections()
        for name, one in section.model_fields.items()
        if one.annotation is Secret
    ]


def list_secrets_in_force(sections: dict[str, Any]) -> tuple[MissingSecret, ...]:
    """Return the secrets that are set now, without their values."""
    found = []
    for key, name in secret_fields():
        secret = getattr(sections.get(key), name, None)
        if isinstance(secret, Secret) and secret.is_set:
            kind = "reference" if secret.is_reference else "sealed"
            found.append(MissingSecret(section=key, field=name, kind=kind))
    return tuple(found)


def read_rows(table: Table, counts: Counts) -> Iterator[Piece]:
    """Yield a table's rows piece by piece, and count them; within :func:`moment`."""
    held, size, rows, number = [], 0, 0, 0
    total = 0
    for row in _copy(table):
        held.append(row)
        size, rows = size + len(row), rows + 1
        if size >= PIECE_BYTES:
            number, total = number + 1, total + rows
            yield Piece(table.name, number, b"".join(held), rows)
            held, size, rows = [], 0, 0
    if held:
        yield Piece(table.name, number + 1, b"".join(held), rows)
    counts.rows[table.name] = total + rows


def _copy(table: Table) -> Iterator[bytes]:
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
        sql.SQL(", ").join(_expression(table.name, column) for column in table.columns), sql.Identifier(table.name)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in copy:
            yield bytes(row)


def _expression(table: str, column: str) -> sql.Composable:
    if (table, column) != (SECTIONS, "value") or not secret_fields():
        return sql.Identifier(column)
    found = secret_fields()
    return sql.SQL(_WITHOUT_SECRETS).format(
        sections=sql.Literal([key for key, _name in found]),
        fields=sql.Literal([f"{key}.{name}" for key, name in found]),
    )
