"""What one installation of the embedded default remembers: port, passwords and keys."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "embedded.json"
HOST = "127.0.0.1"
ADMIN = "postgres"
APP = "relais_app"
PROVISIONER = "relais_provisioner"
BROKER = "relais_broker"
LOGINS = (ADMIN, APP, PROVISIONER, BROKER)
# Processes that serve requests and tasks; they are never given the provisioner's address.
SERVING = frozenset({"web", "worker", "scheduler"})
_CONNECTION = {
    "ENGINE": "tenants.backend",
    "HOST": HOST,
    "CONN_MAX_AGE": 180,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
}


def _new_passwords() -> dict[str, str]:
    return {login: secrets.token_urlsafe(24) for login in LOGINS}


@dataclass(frozen=True, slots=True)
class Local:
    """Port 0 means that no cluster was made yet; ``home`` is the folder of cluster and log."""

    port: int = 0
    home: str = ""
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    passwords: Mapping[str, str] = field(default_factory=_new_passwords, repr=False)

    @property
    def database(self) -> str:
        """The database's name; tests give each of their workers another one."""
        return os.environ.get("RELAIS_DATABASE", "relais")

    def url(self, login: str, database: str = "") -> str:
        """Return ``postgresql://login:password@host:port/database``; never log it."""
        secret = quote(self.passwords[login], safe="")
        return f"postgresql://{login}:{secret}@{HOST}:{self.port}/{database or self.database}"

    @property
    def broker_url(self) -> str:
        """Celery's queues in the same database, by a role that sees nothing but them."""
        return "pgmq" + self.url(BROKER).removeprefix("postgresql")

    @property
    def databases(self) -> dict[str, dict[str, Any]]:
        """Django's ``DATABASES``; ``provisioner`` is left out of processes that serve."""
        aliases = {"default": APP}
        if os.environ.get("RELAIS_PROCESS", "") not in SERVING:
            aliases["provisioner"] = PROVISIONER
        return {alias: self._connection(login) for alias, login in aliases.items()}

    def _connection(self, login: str) -> dict[str, Any]:
        return _CONNECTION | {
            "NAME": self.database,
            "USER": login,
            "PASSWORD": self.passwords[login],
            "PORT": str(self.port),
        }


def read(data_dir: Path) -> Local:
    """Return what is remembered; without a file, fresh values that nothing stores."""
    try:
        stored = json.loads((data_dir / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Local()
    return Local(**stored)


def remember(data_dir: Path, local: Local, **changes: Any) -> Local:
    """Store values, readable by this user only, in one rename; return what is stored."""
    changed = replace(local, **changes)
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    draft = data_dir / f".{FILE_NAME}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(changed), file, indent=1)
    draft.replace(data_dir / FILE_NAME)
    return changed
