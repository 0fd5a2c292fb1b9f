"""The embedded cluster as one object: ready, address, stop; remembered in the data folder."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from infra.embedded import local
from infra.embedded.account import Account
from infra.embedded.places import binaries, cluster_home, set_aside
from infra.embedded.server import (
    RETRY_FOR_SECONDS,
    RETRY_SECONDS,
    Server,
    ServerFailed,
    free_port,
)


@dataclass
class Cluster:
    """The cluster of one data folder; ``durable=False`` trades safety for speed, for tests."""

    data_dir: Path
    durable: bool = True

    def __post_init__(self) -> None:
        self.local = local.read(self.data_dir)
        self.account = Account.current()
        self._server: Server | None = None

    @property
    def server(self) -> Server:
        """The server; the first use finds or copies the binaries."""
        if self._server is None:
            self._server = self._locate()
        return self._server

    def _locate(self) -> Server:
        if not self.local.home:
            self._settle()
        home = Path(self.local.home)
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        return self._server_in(home)

    def _settle(self) -> None:
        home = cluster_home(self.data_dir, self.account)
        left_behind = self._server_in(home)
        if left_behind.data.exists():
            left_behind.stop()
            set_aside(home)
        port = self.local.port or free_port()
        self.local = local.remember(self.data_dir, self.local, home=str(home), port=port)

    def _server_in(self, home: Path) -> Server:
        bin_dir = binaries(home, self.account)
        return Server(home, bin_dir, self.account, durable=self.durable)

    def is_made(self) -> bool:
        """Whether ``initdb`` has run to its end."""
        return bool(self.local.home) and self.server.exists()

    def make(self) -> None:
        """Create the cluster unless it is there."""
        if not self.is_made():
            password = self.local.passwords[local.ADMIN]
            self.server.initialise(superuser=local.ADMIN, password=password)

    def start(self) -> None:
        """Start, or adopt the server that a crashed supervisor left; repeatable, waits 30 s.

        A killed server counts as running until its processes are reaped, and one that recovers
        refuses sessions; both are asked again.
        """
        deadline = time.monotonic() + RETRY_FOR_SECONDS
        while fault := self._start_once():
            if "authentication failed" in fault or time.monotonic() > deadline:
                message = f"The server on {self.server.data} does not accept us: {fault}"
                raise ServerFailed(message)
            time.sleep(RETRY_SECONDS)

    def _start_once(self) -> str:
        running = self.server.is_running()
        port = self.server.port_in_use() if running else self.server.start(self.local.port)
        if port not in {0, self.local.port}:
            self.local = local.remember(self.data_dir, self.local, port=port)
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError as error:
            return str(error)
        return ""

    def stop(self) -> None:
        """Stop; nothing of PostgreSQL runs afterwards. Repeatable."""
        if self.is_made():
            self.server.stop()

    def is_running(self) -> bool:
        """Whether the server works now."""
        return self.is_made() and self.server.is_running()

    def connect(self, database: str = "") -> psycopg.Connection:
        """Open a session of the superuser, in autocommit; for provisioning and tests only."""
        url = self.local.url(local.ADMIN, database)
        return psycopg.connect(url, autocommit=True, connect_timeout=10)

    def ensure_database(self, name: str) -> bool:
        """Create an empty database unless it is there; return whether it was created."""
        with self.connect("postgres") as session:
            found = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if found.fetchone():
                return False
            session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True
