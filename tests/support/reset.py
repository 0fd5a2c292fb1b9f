"""Back to the template between tests: truncate what was touched, clone anew what cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.errors import LockNotAvailable

if TYPE_CHECKING:
    import psycopg

    from tests.support.databases import WorkerDatabase

_TABLES = """
SELECT n.nspname, c.relname, pg_relation_size(c.oid) > 0
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema)'
ORDER BY 1, 2
"""
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
Table = tuple[str, str]


class Resetter:
    """Knows the template's contents; ``reset()`` costs some 10 ms, a new clone some 150 ms."""

    def __init__(self, database: WorkerDatabase) -> None:
        self._database = database
        self._admin: psycopg.Connection = database.connect()
        tables = self._admin.execute(_TABLES).fetchall()
        self._known = {(schema, name) for schema, name, _used in tables}
        self._filled = sorted((schema, name) for schema, name, used in tables if used)
        self._fingerprint = self._take_fingerprint()

    def reset(self) -> bool:
        """Undo what a test wrote; return whether the database had to be cloned anew."""
        used = self._admin.execute(_TABLES).fetchall()
        same_tables = {(schema, name) for schema, name, _used in used} == self._known
        if same_tables:
            filled = set(self._filled)
            self._truncate([(s, n) for s, n, is_used in used if is_used and (s, n) not in filled])
            self._remove_added()
            if self._take_fingerprint() == self._fingerprint:
                return False
        self.close()
        self._database.clone()
        self._admin = self._database.connect()
        return True

    def close(self) -> None:
        """End the superuser's session."""
        self._admin.close()

    def _truncate(self, tables: list[Table]) -> None:
        if not tables:
            return
        names = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
        statement = sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names)
        try:
            self._admin.execute("SET lock_timeout = '1s'")
            self._admin.execute(statement)
        except LockNotAvailable:
            # A thread or a worker of the last test still holds a transaction open.
            self._admin.execute(_OTHERS)
            self._admin.execute(statement)

    def _remove_added(self) -> None:
        """Take away rows that were added to what the template holds; a changed or deleted row needs a new clone."""
        grown = [
            (name.split("."), before[2])
            for before, (name, *now) in zip(self._fingerprint, self._take_fingerprint(), strict=True)
            if now != list(before[1:])
        ]
        with self._admin.transaction():
            # Rows that point at each other go whatever their order; the fingerprint shows what does not fit.
            self._admin.execute("SET LOCAL session_replication_role = replica")
            for table, newest in grown:
                statement = sql.SQL("DELETE FROM {} WHERE xmin::text::bigint > %s").format(sql.Identifier(*table))
                self._admin.execute(statement, [newest])

    def _take_fingerprint(self) -> list[tuple[object, ...]]:
        if not self._filled:
            return []
        part = "SELECT {}, count(*), max(xmin::text::bigint) FROM {}"
        parts = [sql.SQL(part).format(sql.Literal(".".join(table)), sql.Identifier(*table)) for table in self._filled]
        return self._admin.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall()


def empty_folder(folder: Path) -> None:
    """Delete what lies in a folder, not the folder."""
    for path in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
