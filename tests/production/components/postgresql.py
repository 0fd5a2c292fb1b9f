"""PostgreSQL 15 as Debian ships it, empty, with the addresses that production's settings ask for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import psycopg

from tests.production.components.base import Component

BIN = Path("/usr/lib/postgresql/15/bin")
DATABASE = "relais"


class Postgresql(Component):
    """A cluster with one database; ``relais_app`` and the like are made by ``platform init``."""

    packages = ("postgresql-15",)
    account = "postgres"

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.passwords = {name: secrets.token_urlsafe(16) for name in ("postgres", "relais_app", "relais_provisioner")}

    @classmethod
    def missing_programs(cls) -> list[str]:
        return [] if (BIN / "initdb").exists() else ["postgresql-15"]

    def prepare(self) -> None:
        if not os.getuid():
            import shutil

            shutil.chown(self.folder, self.account)
        secret = self.folder / "password"
        secret.write_text(self.passwords["postgres"])
        secret.chmod(0o644)
        self.run(
            BIN / "initdb", "-D", self.folder / "data", "-U", "postgres", "--auth=scram-sha-256",
            f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", cwd=self.folder,
        )  # fmt: skip
        secret.unlink()

    def launch(self) -> None:
        self.spawn(
            BIN / "postgres", "-D", self.folder / "data", "-h", "127.0.0.1", "-p", self.port, "-k", self.folder,
            "-c", "fsync=off", "-c", "max_connections=60", cwd=self.folder,
        )  # fmt: skip

    def is_up(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres", "postgres"), autocommit=True, connect_timeout=2) as admin:
                found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if not found:
                    admin.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    def url(self, login: str, database: str = DATABASE) -> str:
        """Return the address for a login."""
        return f"postgresql://{login}:{self.passwords[login]}@127.0.0.1:{self.port}/{database}"

    @property
    def environment(self) -> dict[str, str]:
        """What production's settings and ``platform init`` read."""
        return {
            "RELAIS_DATABASE_URL": self.url("relais_app"),
            "RELAIS_PROVISIONER_URL": self.url("relais_provisioner"),
            "RELAIS_ADMIN_URL": self.url("postgres"),
        }
