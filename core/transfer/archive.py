"""The file inside the encryption: a plain tar archive, written and read in one pass, every part with its digest.

No compression (nothing can swell), no links, no folders, no long names: a part is a regular file
whose name is one of a few patterns. See ``docs/reference/export.md``.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
import tempfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

from core.transfer.errors import ExportDamaged, NoExport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BLOCK = 512
CHUNK_BYTES = 256 * 1024
SMALL_BYTES = 16 * 2**20
MANIFEST = "manifest.json"
SETTINGS = "caisse.toml"
TRUST = "trust-list.json"
WITHDRAWN = "documents/withdrawn.txt"
SUMS = "SHA256SUMS"
CLOSING = "closing.json"
SIGNATURE = "closing.sig.json"
_NAME = re.compile(
    r"manifest\.json|caisse\.toml|trust-list\.json|SHA256SUMS|closing(\.sig)?\.json"
    r"|tables/[a-z0-9_]{1,63}/[0-9]{6}\.copy|documents/(withdrawn\.txt|[0-9a-f-]{36})"
)
_END = bytes(2 * BLOCK)


class Writer:
    """Makes the archive's bytes part by part; to be closed, since it keeps the digests in a file.

    A million parts therefore cost no memory.
    """

    def __init__(self) -> None:
        self._sums: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SMALL_BYTES)  # noqa: SIM115 -- closed with this
        self._size = 0
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sums.close()

    @property
    def sums_sha256(self) -> str:
        """The digest over the lines of all parts so far, as the program sha256sum writes them."""
        return self._digest.hexdigest()

    def part(self, name: str, content: bytes) -> Iterator[bytes]:
        """Yield a part that is at hand."""
        return self.stream(name, len(content), [content])

    def stream(self, name: str, size: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield a part of a known size; other bytes than that many are a fault in the code."""
        digest = hashlib.sha256()
        yield from _framed(name, size, chunks, digest)
        line = f"{digest.hexdigest()}  {name}\n".encode()
        self._sums.write(line)
        self._digest.update(line)
        self._size += len(line)

    def end(self, closing: bytes, signature: bytes) -> Iterator[bytes]:
        """Yield the digests, what closes the archive, its signature, and the end."""
        self._sums.seek(0)
        lines = iter(lambda: self._sums.read(CHUNK_BYTES), b"")
        yield from _framed(SUMS, self._size, lines, hashlib.sha256())
        yield from _framed(CLOSING, len(closing), [closing], hashlib.sha256())
        yield from _framed(SIGNATURE, len(signature), [signature], hashlib.sha256())
        yield _END


def _framed(name: str, size: int, chunks: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    count = 0
    yield _header(name, size)
    for chunk in chunks:
        digest.update(chunk)
        count += len(chunk)
        yield chunk
    if count != size:
        message = f"{name} has {count} bytes, not {size}"
        raise ValueError(message)
    yield bytes(-size % BLOCK)


def _header(name: str, size: int) -> bytes:
    found = tarfile.TarInfo(name)
    found.size, found.mode = size, 0o600
    return found.tobuf(tarfile.USTAR_FORMAT)


@dataclass(slots=True)
class Part:
    """One part while it is read; ``sha256`` holds once ``chunks`` has been read to its end."""

    name: str
    size: int
    chunks: Iterator[bytes]
    sha256: str = ""

    def read(self) -> bytes:
        """Return a small part whole. Raises ``ExportDamaged`` for one that is not small."""
        if self.size > SMALL_BYTES:
            raise ExportDamaged(place=self.name)
        return b"".join(self.chunks)


def read_parts(plain: Iterable[bytes]) -> Iterator[Part]:
    """Yield the archive's parts in order; what the caller leaves of one is read over.

    Raises ``NoExport`` when it is not an archive of ours, ``ExportDamaged`` when it breaks off.
    """
    source, first = _Reader(iter(plain)), True
    while True:
        header = source.read(BLOCK, "header", NoExport() if first else None)
        if not any(header):
            if first:
                raise NoExport
            source.expect_end()
            return
        part = _part_of(header, source, first=first)
        yield part
        for _rest in part.chunks:
            pass
        first = False


def _part_of(header: bytes, source: _Reader, *, first: bool) -> Part:
    fault: NoExport | ExportDamaged = NoExport() if first else ExportDamaged(place="header")
    try:
        found = tarfile.TarInfo.frombuf(header, "ascii", "strict")
    except (tarfile.HeaderError, UnicodeError) as error:
        raise fault from error
    if (
        found.type != tarfile.REGTYPE
        or found.size < 0
        or not _NAME.fullmatch(found.name)
        or first is not (found.name == MANIFEST)
    ):
        raise fault
    part = Part(found.name, found.size, iter(()))
    part.chunks = _contents(part, source)
    return part


def _contents(part: Part, source: _Reader) -> Iterator[bytes]:
    digest, left = hashlib.sha256(), part.size
    while left:
        chunk = source.read(min(left, CHUNK_BYTES), part.name)
        digest.update(chunk)
        left -= len(chunk)
        yield chunk
    if any(source.read(-part.size % BLOCK, part.name)):
        raise ExportDamaged(place=part.name)
    part.sha256 = digest.hexdigest()


class _Reader:
    """Bytes out of pieces of any length."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()

    def read(self, count: int, place: str, fault: Exception | None = None) -> bytes:
        """Return exactly so many bytes, or raise the fault where they end before."""
        while len(self._held) < count:
            piece = next(self._pieces, None)
            if piece is None:
                raise fault or ExportDamaged(place=place)
            self._held += piece
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken

    def expect_end(self) -> None:
        """Raise unless only the second empty block follows."""
        second = self.read(BLOCK, "end")
        if any(second) or self._held or any(True for piece in self._pieces if piece):
            raise ExportDamaged(place="end")
