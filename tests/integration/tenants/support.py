"""What several tests of this room need: another session's act, waiting for a notice, schemas compared."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

_COLUMNS = """
SELECT table_name, column_name, row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), data_type, is_nullable, column_default, is_identity
FROM information_schema.columns WHERE table_schema = %(schema)s
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = %(schema)s::regnamespace
"""
_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s"
_LEDGER = "SELECT app, name FROM {schema}.django_migrations"
_CONTENT = "SELECT id, app_label, model FROM {schema}.django_content_type"


def describe_schema(admin: psycopg.Connection, schema: str) -> list[str]:
    """Return everything about a schema's tables, without the schema's name; equal schemas are equal lists."""
    lines: list[str] = []
    for query in (_COLUMNS, _CONSTRAINTS, _INDEXES, _LEDGER.format(schema=schema), _CONTENT.format(schema=schema)):
        rows = admin.execute(query, {"schema": schema} if "%(" in query else None).fetchall()
        lines += sorted(_plain(str(row), schema) for row in rows)
    return lines


def _plain(line: str, schema: str) -> str:
    # A list of texts is printed with casts; read again, each of its texts has the cast.
    return re.sub(r"::character varying|::text(\[\])?|[()]", "", line.replace(schema, "SCHEMA"))


def wait_until(condition: Callable[[], object], *, seconds: float = 10.0) -> None:
    """Wait for a condition; fails when it takes longer.

    What a lost line has missed is made up for after 15 s, by the probe: what comes before has been heard of.
    """
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "it took too long"
        time.sleep(0.005)
