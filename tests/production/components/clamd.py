"""ClamAV's daemon with two signatures of our own; public ones are not needed to prove the port."""

from __future__ import annotations

import hashlib

from integrations.clamav import ClamavScanner
from tests.production.components.base import Component
from tests.support.hostile_files import eicar

_CONFIGURATION = """
DatabaseDirectory {folder}/db
TCPSocket {port}
TCPAddr 127.0.0.1
Foreground yes
LogFile {folder}/clamd.log
TemporaryDirectory {folder}
StreamMaxLength 64M
MaxThreads 4
LogClean yes
"""


class Clamd(Component):
    """Finds the EICAR test string, as a whole file and within others."""

    packages = ("clamav-daemon",)
    programs = ("clamd",)

    def prepare(self) -> None:
        database = self.folder / "db"
        database.mkdir(exist_ok=True)
        virus = eicar()
        digest = hashlib.md5(virus, usedforsecurity=False).hexdigest()
        (database / "local.hdb").write_text(f"{digest}:{len(virus)}:Local.Eicar-Hash\n")
        (database / "local.ndb").write_text(f"Local.Eicar-Body:0:*:{virus.hex()}\n")
        self.configuration = self.folder / "clamd.conf"
        self.configuration.write_text(_CONFIGURATION.format(folder=self.folder, port=self.port))

    def launch(self) -> None:
        self.spawn("clamd", "-c", self.configuration)

    def is_up(self) -> bool:
        return ClamavScanner(self.address, timeout_seconds=2).ping()

    def count_clean(self) -> int:
        """Return how many files it has found clean so far."""
        return (self.folder / "clamd.log").read_text().count(": OK\n")

    @property
    def address(self) -> str:
        """``host:port``, as the setting wants it."""
        return f"127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {"RELAIS_CLAMD": self.address}
