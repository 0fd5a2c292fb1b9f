"""The run's cluster, its template database, and one database per worker cloned from it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from infra.embedded import broker, local
from infra.embedded.postgres import Cluster
from tests.support import home as homes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

TEMPLATE = "relais_template"
ROOT = Path(__file__).parents[2]


@contextmanager
def locked(home: Path, name: str) -> Iterator[None]:
    """Let one worker of the run in at a time."""
    with (home / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass
class WorkerDatabase:
    """This worker's database: cloned on first use, reset or cloned anew between tests."""

    home: Path
    name: str = field(default_factory=lambda: f"relais_{homes.worker()}")

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.home, durable=False)

    def prepare(self) -> None:
        """Make sure of cluster, template and clone; the first worker builds, the others wait."""
        with locked(self.home, "template"):
            # Another worker may have settled the cluster since this process read its state.
            self.cluster = Cluster(self.home, durable=False)
            self.cluster.make()
            self.cluster.start()
            if not (self.home / "template.ready").exists():
                self._build_template()
        self.clone()

    def _build_template(self) -> None:
        self.cluster.ensure_database(TEMPLATE)
        with self.cluster.connect(TEMPLATE) as admin:
            broker.provision(admin, self.cluster.local.passwords[local.BROKER])
        data = self.home / "template"
        local.remember(data, self.cluster.local)
        environment = os.environ | {"RELAIS_DATA": str(data), "RELAIS_DATABASE": TEMPLATE}
        command = [sys.executable, "-m", "tests.support.build_template"]
        environment["RELAIS_ADMIN_URL"] = self.cluster.local.url(local.ADMIN, TEMPLATE)
        built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if built.returncode != 0:
            raise RuntimeError(f"The template database was not built:\n{built.stdout}{built.stderr}")
        (self.home / "template.ready").touch()

    def clone(self) -> None:
        """Replace this worker's database by a fresh copy of the template; ends all its sessions."""
        with self.cluster.connect("postgres") as admin:
            name, template = sql.Identifier(self.name), sql.Identifier(TEMPLATE)
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            # A session of the builder may still be on its way out.
            retry(
                lambda: admin.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(name, template)
                )
            )
            _copy_grants(admin, self.name)

    def connect(self) -> psycopg.Connection:
        """Open a superuser's session on this worker's database."""
        return self.cluster.connect(self.name)


def retry(action: object, *, seconds: float = 60) -> None:
    """Call until it no longer raises ``ObjectInUse``; a database in use cannot be copied."""
    from psycopg.errors import ObjectInUse

    deadline = time.monotonic() + seconds
    while True:
        try:
            action()
        except ObjectInUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _copy_grants(admin: psycopg.Connection, name: str) -> None:
    # CREATE DATABASE copies what is in a database, but not the grants and settings on it.
    grants = admin.execute(
        "SELECT coalesce(nullif(grantee, 0)::regrole::text, 'PUBLIC'), privilege_type "
        "FROM pg_database, aclexplode(datacl) WHERE datname = %s",
        [TEMPLATE],
    ).fetchall()
    if grants:
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    for grantee, privilege in grants:
        statement = sql.SQL("GRANT {} ON DATABASE {} TO {}")
        admin.execute(statement.format(sql.SQL(privilege), sql.Identifier(name), sql.SQL(grantee)))
