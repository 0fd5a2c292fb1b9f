"""ZIP archives whose untouched entries are copied as they are: same bytes, order and metadata."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from core.intake.markup.errors import UnmarkableWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 18
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_FIELD = struct.Struct("<2H")
_WIDE = struct.Struct("<Q")
_FULL32 = 0xFFFFFFFF
_FULL16 = 0xFFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_MAX_ENTRIES = 20_000


@dataclass(slots=True)
class Entry:
    """One file of an archive; ``central`` is its record in the directory, unparsed."""

    name: str
    flags: int
    method: int
    moment: tuple[int, int]
    crc: int
    packed: int
    size: int
    offset: int
    central: bytes


class Archive:
    """A ZIP archive opened for reading; refuses what it could not copy faithfully."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._source.seek(0, 2)
        self._length = self._source.tell()
        count, size, offset, self.comment = self._read_end()
        self.entries = list(self._read_directory(count, size, offset))
        if len({entry.name.casefold() for entry in self.entries}) != len(self.entries):
            raise UnmarkableWorkbook(reason="two entries of one name")
        # Entries that overlap would let a small file grow into an enormous copy.
        if sum(entry.packed for entry in self.entries) > self._length:
            raise UnmarkableWorkbook(reason="overlapping entries")

    def _at(self, position: int, length: int) -> bytes:
        if position < 0:
            raise UnmarkableWorkbook(reason="damaged archive")
        self._source.seek(position)
        data = self._source.read(length)
        if len(data) != length:
            raise UnmarkableWorkbook(reason="truncated archive")
        return data

    def _read_end(self) -> tuple[int, int, int, bytes]:
        tail_length = min(self._length, _END.size + _FULL16)
        tail = self._at(self._length - tail_length, tail_length)
        found = tail.rfind(b"PK\x05\x06")
        if found < 0 or len(tail) - found < _END.size:
            raise UnmarkableWorkbook(reason="no archive")
        fields = _END.unpack_from(tail, found)
        comment = tail[found + _END.size :][: fields[7]]
        position = self._length - tail_length + found
        if _FULL16 in fields[3:5] or _FULL32 in fields[5:7]:
            return (*self._read_end64(position), comment)
        return fields[4], fields[5], fields[6], comment

    def _read_end64(self, end: int) -> tuple[int, int, int]:
        locator = _LOCATOR64.unpack(self._at(end - _LOCATOR64.size, _LOCATOR64.size))
        fields = _END64.unpack(self._at(locator[2], _END64.size))
        if locator[0] != b"PK\x06\x07" or fields[0] != b"PK\x06\x06":
            raise UnmarkableWorkbook(reason="damaged archive")
        return fields[7], fields[8], fields[9]

    def _read_directory(self, count: int, size: int, offset: int) -> Iterator[Entry]:
        if count > _MAX_ENTRIES or size > self._length:
            raise UnmarkableWorkbook(reason="too many entries")
        directory = self._at(offset, size)
        position = 0
        for _ in range(count):
            entry, position = _parse_central(directory, position)
            yield entry

    def copy(self, entry: Entry, target: IO[bytes]) -> None:
        """Append the entry's local record, header to descriptor, byte for byte."""
        left = self._data_start(entry) - entry.offset + entry.packed
        left += self._descriptor_length(entry)
        self._source.seek(entry.offset)
        while left > 0:
            block = self._source.read(min(CHUNK, left))
            if not block:
                raise UnmarkableWorkbook(reason="truncated archive")
            target.write(block)
            left -= len(block)

    def _data_start(self, entry: Entry) -> int:
        header = _LOCAL.unpack(self._at(entry.offset, _LOCAL.size))
        if header[0] != b"PK\x03\x04":
            raise UnmarkableWorkbook(reason="damaged archive")
        return int(entry.offset + _LOCAL.size + header[9] + header[10])

    def _descriptor_length(self, entry: Entry) -> int:
        """Measure what follows a streamed entry: checksum and sizes, with or without a signature."""
        if not entry.flags & _STREAMED:
            return 0
        self._source.seek(self._data_start(entry) + entry.packed)
        found = self._source.read(24)
        fitting = (form for form in _descriptors(entry) if found.startswith(form))
        return len(next(fitting, b""))

    def stream(self, entry: Entry, limit: int) -> Iterator[bytes]:
        """Yield the entry's content in blocks; more than ``limit`` bytes is refused."""
        if entry.flags & _ENCRYPTED or entry.method not in (_STORED, _DEFLATED):
            raise UnmarkableWorkbook(reason="unreadable entry")
        total, crc = 0, 0
        for block in self._unpack(entry):
            total += len(block)
            crc = zlib.crc32(block, crc)
            if total > limit:
                raise UnmarkableWorkbook(reason="entry too large")
            yield block
        if crc != entry.crc:
            raise UnmarkableWorkbook(reason="damaged entry")

    def _unpack(self, entry: Entry) -> Iterator[bytes]:
        position, left = self._data_start(entry), entry.packed
        inflate = zlib.decompressobj(-15) if entry.method == _DEFLATED else None
        while left > 0:
            block = self._at(position, min(CHUNK, left))
            position, left = position + len(block), left - len(block)
            if inflate is None:
                yield block
            else:
                yield from _inflate(inflate, block)

    def read(self, entry: Entry, limit: int) -> bytes:
        """Return the entry's content."""
        return b"".join(self.stream(entry, limit))


def _inflate(inflate: zlib._Decompress, block: bytes) -> Iterator[bytes]:
    try:
        while block and not inflate.eof:
            yield inflate.decompress(block, CHUNK)
            block = inflate.unconsumed_tail
    except zlib.error as error:
        raise UnmarkableWorkbook(reason="damaged entry") from error


def _parse_central(directory: bytes, position: int) -> tuple[Entry, int]:
    if len(directory) - position < _CENTRAL.size:
        raise UnmarkableWorkbook(reason="truncated directory")
    fields = _CENTRAL.unpack_from(directory, position)
    end = position + _CENTRAL.size + sum(fields[10:13])
    raw = directory[position:end]
    if fields[0] != b"PK\x01\x02" or len(raw) != end - position:
        raise UnmarkableWorkbook(reason="damaged directory")
    name = raw[_CENTRAL.size :][: fields[10]]
    entry = Entry(
        name=name.decode("utf-8" if fields[3] & _UTF8 else "cp437", "replace"),
        flags=fields[3],
        method=fields[4],
        moment=(fields[5], fields[6]),
        crc=fields[7],
        packed=fields[8],
        size=fields[9],
        offset=fields[16],
        central=raw,
    )
    _widen(entry, raw[_CENTRAL.size + fields[10] :][: fields[11]])
    return entry, end


def _widen(entry: Entry, extra: bytes) -> None:
    """Take the 64-bit figures of the extra field where the 32-bit ones are full."""
    wide = _extra64(extra)
    for attribute in ("size", "packed", "offset"):
        if getattr(entry, attribute) == _FULL32:
            if len(wide) < _WIDE.size:
                raise UnmarkableWorkbook(reason="damaged directory")
            setattr(entry, attribute, _WIDE.unpack_from(wide)[0])
            wide = wide[_WIDE.size :]
    if max(entry.size, entry.packed, entry.offset) > _FULL32:
        raise UnmarkableWorkbook(reason="entry too large")


def _extra64(extra: bytes) -> bytes:
    while len(extra) >= _FIELD.size:
        kind, length = _FIELD.unpack_from(extra)
        content, extra = extra[_FIELD.size :][:length], extra[_FIELD.size + length :]
        if kind == 1:
            return content
    return b""


def _descriptors(entry: Entry) -> Iterator[bytes]:
    for signature in (b"PK\x07\x08", b""):
        for width in ("L", "Q"):
            yield signature + struct.pack(f"<L2{width}", entry.crc, entry.packed, entry.size)
