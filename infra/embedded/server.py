"""A PostgreSQL server process: make its cluster, start, stop, ask; nothing is remembered here."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from infra.embedded.account import Account

RETRY_SECONDS = 0.5
RETRY_FOR_SECONDS = 30.0
LOG_LIMIT_BYTES = 20 * 2**20
BASE_SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "100",
    "shared_buffers": "'128MB'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "idle_in_transaction_session_timeout": "'5min'",
    "checkpoint_completion_target": "0.9",
    "max_wal_size": "'512MB'",
    "jit": "off",
}
UNSAFE_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
Refusal = Literal["wait", "port", "fail"]


class ServerFailed(RuntimeError):
    """PostgreSQL did what it was not asked for; the text ends with its own log."""


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """One cluster folder and the account that may touch it."""

    home: Path
    bin_dir: Path
    account: Account
    durable: bool = True

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.home / "log" / "postgres.log"

    def exists(self) -> bool:
        """Whether a complete cluster lies here; half an ``initdb`` does not count."""
        return (self.home / "made").exists()

    def initialise(self, *, superuser: str, password: str) -> None:
        """Make an empty cluster with scram-sha-256 passwords and the C.UTF-8 locale.

        What an interrupted ``initdb`` left is deleted; nobody can have used it.
        """
        if self.data.exists() and not self.exists():
            shutil.rmtree(self.data)
        self.account.make_folder(self.data)
        self.account.make_folder(self.log.parent)
        secret = self.log.parent / "password"
        self.account.write(secret, password)
        try:
            self._initdb(superuser, secret)
        finally:
            secret.unlink()
        (self.home / "made").touch()

    def _initdb(self, superuser: str, secret: Path) -> None:
        locale = ["--locale=C.UTF-8"]
        if sys.platform == "darwin":
            locale = ["--locale=en_US.UTF-8", "--lc-collate=C"]
        sync = [] if self.durable else ["--no-sync"]
        options = ["--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8"]
        where = ["-D", str(self.data), "-U", superuser]
        made = self.account.run(self.bin_dir / "initdb", *where, *options, *locale, *sync)
        if made.returncode != 0:
            raise ServerFailed(made.stdout + made.stderr)
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("include_if_exists 'relais.conf'\n")

    def is_running(self) -> bool:
        """Whether a server works on this folder now."""
        return self._pg_ctl("status").returncode == 0

    def port_in_use(self) -> int:
        """Return the port of the running server, or 0 while its lock file is being written."""
        with suppress(FileNotFoundError, IndexError, ValueError):
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return int(lines[3])
        return 0

    def start(self, port: int) -> int:
        """Start, again and again for 30 s; return the port, another one where it was taken.

        After a kill the old processes hold the lock file for seconds until they are reaped; the
        file is PostgreSQL's own proof against two servers on one folder and is never deleted.
        """
        deadline = time.monotonic() + RETRY_FOR_SECONDS
        self._trim_log()
        while True:
            refusal, text = self._try_start(port)
            if not refusal:
                return port
            if refusal == "fail" or time.monotonic() > deadline:
                raise ServerFailed(text)
            if refusal == "port":
                port = free_port()
            time.sleep(RETRY_SECONDS)

    def _try_start(self, port: int) -> tuple[Refusal | None, str]:
        self._configure(port)
        before = self.log.stat().st_size if self.log.exists() else 0
        started = self._pg_ctl("start", "-w", "-t", "60", "-l", str(self.log))
        if started.returncode == 0:
            return None, ""
        with self.log.open(encoding="utf-8", errors="replace") as file:
            file.seek(before)
            text = file.read() + started.stderr
        return _classify(text), text

    def _configure(self, port: int) -> None:
        values = BASE_SETTINGS | ({} if self.durable else UNSAFE_SETTINGS) | {"port": str(port)}
        lines = [f"{name} = {value}\n" for name, value in sorted(values.items())]
        self.account.write(self.data / "relais.conf", "".join(lines))

    def stop(self) -> None:
        """Stop the server if one runs: open sessions are ended, committed work is kept."""
        for mode in ("fast", "immediate"):
            if not self.is_running():
                return
            self._pg_ctl("stop", "-m", mode, "-w", "-t", "30")
        if self.is_running():
            message = f"PostgreSQL on {self.data} does not stop."
            raise ServerFailed(message)

    def _pg_ctl(self, action: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self.account.run(self.bin_dir / "pg_ctl", action, "-D", self.data, *options)

    def _trim_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            os.truncate(self.log, 0)


def _classify(text: str) -> Refusal:
    if "already in use" in text or "could not bind" in text or "could not create any TCP" in text:
        return "port"
    waiting = ("postmaster.pid", "another server might be running", "pre-existing shared memory")
    return "wait" if any(sign in text for sign in waiting) else "fail"
