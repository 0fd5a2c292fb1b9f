"""Encryption to a key of the caisse: the age format, streamed, in constant memory."""

from __future__ import annotations

import io
import queue
import threading
from typing import TYPE_CHECKING, Any

import pyrage
from pyrage import x25519

from core.transfer.errors import ExportDamaged, NoExport, PrivateKeyInvalid, PublicKeyInvalid, WrongKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_WAITING = 4
_NO_KEY_FITS = "No matching keys found"


def check_public_key(text: str) -> str:
    """Return the public key without blanks around it. Raises ``PublicKeyInvalid``."""
    key = text.strip()
    try:
        x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise PublicKeyInvalid from error
    return key


def read_private_key(text: str) -> str:
    """Return the one private key in what age-keygen wrote, comments left out. Raises ``PrivateKeyInvalid``."""
    lines = [line.strip() for line in text.splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    try:
        x25519.Identity.from_str(keys[0])
    except (IndexError, pyrage.IdentityError) as error:
        raise PrivateKeyInvalid from error
    return keys[0]


def new_private_key() -> tuple[str, str]:
    """Return a new private key and its public key."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def encrypt(plain: Iterable[bytes], public_key: str) -> Iterator[bytes]:
    """Yield the encrypted form of ``plain`` while it is read."""
    recipient = x25519.Recipient.from_str(check_public_key(public_key))
    return _through(lambda source, target: pyrage.encrypt_io(source, target, [recipient]), plain)


def decrypt(sealed: Iterable[bytes], private_key: str) -> Iterator[bytes]:
    """Yield the contents while ``sealed`` is read; each piece was authenticated.

    Raises ``NoExport``, ``WrongKey`` or, also for a file cut off anywhere, ``ExportDamaged``.
    """
    identity = x25519.Identity.from_str(read_private_key(private_key))
    try:
        yield from _through(lambda source, target: pyrage.decrypt_io(source, target, [identity]), sealed)
    except pyrage.DecryptError as error:
        raise (WrongKey() if str(error) == _NO_KEY_FITS else NoExport()) from error
    except _Broken as error:
        raise ExportDamaged(place="age") from error


class _Broken(Exception):
    """The library met bytes that are not what was sealed."""


class _Stopped(Exception):
    """Nobody wants the rest any more."""


class _Source(io.RawIOBase):
    """What the library reads from: pieces put in by another thread; None ends it, ``_Stopped`` breaks it."""

    def __init__(self) -> None:
        self.pieces: queue.Queue[bytes | type[_Stopped] | None] = queue.Queue(_WAITING)
        self._held: bytes = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held and not self._ended:
            piece = self.pieces.get()
            if piece is _Stopped:
                raise _Stopped
            self._ended, self._held = piece is None, piece if isinstance(piece, bytes) else b""
        count = min(len(buffer), len(self._held))
        buffer[:count], self._held = self._held[:count], self._held[count:]
        return count


class _Target(io.RawIOBase):
    """What the library writes to; never more than it was given to read, so it needs no bound."""

    def __init__(self) -> None:
        self.pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.put(bytes(data))
        return len(data)


class _Work(threading.Thread):
    """The library at work on a stream, in a thread of its own since it pulls and pushes at once."""

    def __init__(self, work: Callable[[Any, Any], None]) -> None:
        super().__init__(name="relais-sealing", daemon=True)
        self._work, self.source, self.target = work, _Source(), _Target()
        self.error: Exception | None = None

    def run(self) -> None:
        """Run the library to its end; what it raises is kept."""
        try:
            self._work(self.source, self.target)
        except Exception as error:  # noqa: BLE001 -- raised again in the thread that reads
            self.error = error

    def give(self, piece: bytes | type[_Stopped] | None) -> None:
        """Hand in a piece, unless the library has ended before it wanted it."""
        while self.is_alive():
            try:
                self.source.pieces.put(piece, timeout=0.1)
            except queue.Full:
                continue
            return

    def take(self) -> Iterator[bytes]:
        """Yield what is ready."""
        while not self.target.pieces.empty():
            yield self.target.pieces.get()

    def check(self) -> None:
        """Raise what the library raised."""
        if isinstance(self.error, OSError):
            raise _Broken(str(self.error)) from self.error
        if self.error is not None:
            raise self.error


def _through(work: Callable[[Any, Any], None], pieces: Iterable[bytes]) -> Iterator[bytes]:
    thread = _Work(work)
    thread.start()
    try:
        for piece in pieces:
            thread.give(piece)
            yield from thread.take()
            if thread.error is not None:
                break
        thread.give(None)
        thread.join()
        thread.check()
        yield from thread.take()
    finally:
        thread.give(_Stopped)
        thread.join()
