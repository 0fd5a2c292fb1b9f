"""As whom PostgreSQL runs: the caller, or ``nobody`` where the caller is root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SERVER_USER = "nobody"


@dataclass(frozen=True)
class Account:
    """A user that PostgreSQL accepts; it refuses to run as root."""

    uid: int
    gid: int

    @classmethod
    def current(cls) -> Account:
        """Return ``nobody`` for root and the calling user for everybody else."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        entry = pwd.getpwnam(SERVER_USER)
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_other(self) -> bool:
        """Whether the caller has to change its user to run PostgreSQL."""
        return self.uid != os.geteuid()

    @cached_property
    def environment(self) -> dict[str, str]:
        """The caller's environment without settings of other PostgreSQL servers and without those of Relais."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "RELAIS_"))}
        return kept | {"LC_ALL": "C", "LC_MESSAGES": "C"}

    def run(self, *command: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, from ``/``; output is captured, failure is not raised."""
        switch: dict[str, Any] = {}
        if self.is_other:
            switch = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            [str(part) for part in command],
            **switch,
            cwd="/",
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can reach and read a folder, every parent and ACL included."""
        test = 'test -r "$1" && test -x "$1"'
        return self.run("/bin/sh", "-c", test, "sh", folder).returncode == 0

    def can_pass(self, folder: Path) -> bool:
        """Whether this user can reach what lies in a folder, without listing it."""
        return self.run("/bin/sh", "-c", 'test -x "$1"', "sh", folder).returncode == 0

    def make_folder(self, folder: Path) -> None:
        """Create a folder that only this user can enter; repeatable."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.is_other:
            os.chown(folder, self.uid, self.gid)

    def write(self, file: Path, text: str) -> None:
        """Write a file that only this user can read."""
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        if self.is_other:
            os.chown(file, self.uid, self.gid)
