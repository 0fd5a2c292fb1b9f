"""Asks clamd by its INSTREAM command over TCP; the file never leaves the stream."""

from __future__ import annotations

import re
import socket
import struct
from typing import IO, TYPE_CHECKING

from core.documents.ports import PortUnavailable, Verdict

if TYPE_CHECKING:
    from core.kernel.text import Text

# clamd's StreamMaxLength must be at least what documents may be (32 MiB); its default is 100 MiB.
_CHUNK_BYTES = 64 * 1024
_LONGEST_ANSWER = 4096
_FOUND = re.compile(r"stream: (?P<name>.+) FOUND")


class ClamavScanner:
    """Implements ``core.documents.ports.VirusScanner`` with a clamd at ``host:port``."""

    finds_viruses = True
    notice: Text | None = None

    def __init__(self, address: str, *, timeout_seconds: float = 30) -> None:
        host, _, port = address.rpartition(":")
        self._address = (host, int(port))
        self._timeout = timeout_seconds

    def scan(self, content: IO[bytes], *, filename: str, media_type: str) -> Verdict:
        del filename, media_type  # clamd looks at bytes alone
        answer = self._ask(b"zINSTREAM\0", content)
        if answer == "stream: OK":
            return Verdict()
        if found := _FOUND.fullmatch(answer):
            return Verdict("virus", found["name"])
        raise PortUnavailable(answer)

    def ping(self) -> bool:
        """Whether clamd answers; for the readiness page."""
        try:
            return self._ask(b"zPING\0", None) == "PONG"
        except PortUnavailable:
            return False

    def _ask(self, command: bytes, content: IO[bytes] | None) -> str:
        try:
            with socket.create_connection(self._address, self._timeout) as connection:
                connection.sendall(command)
                if content is not None:
                    _send(connection, content)
                return _receive(connection)
        except OSError as error:
            message = f"clamd: {error}"
            raise PortUnavailable(message) from error


def _send(connection: socket.socket, content: IO[bytes]) -> None:
    while chunk := content.read(_CHUNK_BYTES):
        connection.sendall(struct.pack("!I", len(chunk)) + chunk)
    connection.sendall(struct.pack("!I", 0))


def _receive(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace")
