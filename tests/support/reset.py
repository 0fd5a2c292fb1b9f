"""Back to the template between tests: empty what was filled, write back what was changed, clone anew what cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from psycopg import sql
from psycopg.errors import LockNotAvailable

if TYPE_CHECKING:
    import psycopg

    from tests.support.databases import WorkerDatabase

# A table made anew has another oid; rights stand in the lists of table and schema. A schema without any counts too.
_TABLES = """
SELECT n.nspname, c.relname, pg_relation_size(c.oid), (c.oid, c.relacl, n.nspacl)::text
FROM pg_namespace n LEFT JOIN pg_class c ON n.oid = c.relnamespace AND c.relkind = 'r'
WHERE n.nspname !~ '^(pg_|information_schema)'
ORDER BY 1, 2
"""
_OTHERS = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# To empty a table costs several files made anew; below this size it is quicker to delete its rows.
_SMALL = 256 * 1024
Table = tuple[str, str]


class Undone(NamedTuple):
    """What a reset did: whether it cloned anew, and else which of the template's filled tables it wrote back."""

    cloned: bool
    written: frozenset[Table] = frozenset()


class Resetter:
    """Knows the template's contents; ``reset()`` costs some 10 ms, a new clone half a second and more."""

    def __init__(self, database: WorkerDatabase) -> None:
        self._database = database
        # The superuser's; another one after each clone.
        self.session: psycopg.Connection = database.connect()
        tables = self.session.execute(_TABLES).fetchall()
        self._known = _structure_of(tables)
        self._filled = sorted((schema, name) for schema, name, used, _made in tables if used)
        self._contents = {table: self._read(table) for table in self._filled}
        self._fingerprint = self._take_fingerprint(self._filled)

    def reset(self) -> Undone:
        """Undo what a test wrote."""
        used = self.session.execute(_TABLES).fetchall()
        if _structure_of(used) == self._known:
            filled = set(self._filled)
            self._empty([(s, n, size) for s, n, size, _made in used if size and (s, n) not in filled])
            return Undone(cloned=False, written=self._write_back())
        self.close()
        self._database.clone()
        self.session = self._database.connect()
        self._known = _structure_of(self.session.execute(_TABLES).fetchall())
        self._fingerprint = self._take_fingerprint(self._filled)
        return Undone(cloned=True)

    def close(self) -> None:
        """End the superuser's session."""
        self.session.close()

    def _empty(self, tables: list[tuple[str, str, int]]) -> None:
        if not tables:
            return
        parts = [sql.SQL("SET LOCAL session_replication_role = replica")]
        parts += [
            sql.SQL("DELETE FROM {}" if size < _SMALL else "TRUNCATE {} CASCADE").format(sql.Identifier(*name))
            for *name, size in tables
        ]
        statement = sql.SQL("; ").join(parts)
        try:
            self._run_at_once(statement, patience="1s")
        except LockNotAvailable:
            # A thread or a worker of the last test still holds a transaction open; it ends once its process hears of it.
            self.session.execute(_OTHERS)
            self._run_at_once(statement, patience="60s")

    def _run_at_once(self, statement: sql.Composed, *, patience: str) -> None:
        with self.session.transaction():
            self.session.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(patience))
            self.session.execute(statement)

    def _write_back(self) -> frozenset[Table]:
        """Give the tables that the template fills their rows again, where any was added, changed or deleted."""
        found = self._take_fingerprint(self._filled)
        changed = [
            table for table, before, now in zip(self._filled, self._fingerprint, found, strict=True) if before != now
        ]
        if not changed:
            return frozenset()
        with self.session.transaction():
            # Rows that point at each other go and come whatever their order.
            self.session.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                self.session.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(*table)))
                self._write(table, self._contents[table])
            made = dict(zip(changed, self._take_fingerprint(changed), strict=True))
        self._fingerprint = [
            made.get(table, known) for table, known in zip(self._filled, self._fingerprint, strict=True)
        ]
        return frozenset(changed)

    def _read(self, table: Table) -> bytes:
        statement = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(*table))
        with self.session.cursor().copy(statement) as copy:
            return b"".join(map(bytes, copy))

    def _write(self, table: Table, content: bytes) -> None:
        statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(*table))
        with self.session.cursor().copy(statement) as copy:
            copy.write(content)

    def _take_fingerprint(self, tables: list[Table]) -> list[tuple[object, ...]]:
        if not tables:
            return []
        part = "SELECT {}::integer, count(*), max(xmin::text::bigint) FROM {}"
        parts = [sql.SQL(part).format(number, sql.Identifier(*table)) for number, table in enumerate(tables)]
        return [found[1:] for found in sorted(self.session.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall())]


def _structure_of(tables: list[tuple[str, str, int, str]]) -> set[tuple[str, str, str]]:
    """Return the tables with what no writing back mends: whether it is still the same one, and who may use it."""
    return {(schema, name, made) for schema, name, _used, made in tables}


def empty_folder(folder: Path) -> None:
    """Delete what lies in a folder, not the folder."""
    for path in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
