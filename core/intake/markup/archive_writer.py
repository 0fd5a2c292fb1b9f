"""Writing an archive: kept entries copied whole, the others packed anew, the directory rebuilt."""

from __future__ import annotations

import struct
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.intake.markup.archive import Archive, Entry

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_FULL32 = 0xFFFFFFFF
_SIZES_AT, _OFFSET_AT = 14, 42
_PACKED_AT, _SIZE_AT, _NAME_LENGTH_AT = 20, 24, 28
_FIELD = struct.Struct("<2H")
_VERSION, _UTF8, _DEFLATED = 20, 0x800, 8
# Times of 2 s from 1980 on: 1 January 1980, for archives that give no example.
_EPOCH = (0, 0x21)


class ArchiveWriter:
    """Writes to a seekable file; :meth:`close` adds the directory. Equal input, equal bytes."""

    def __init__(self, source: Archive, target: IO[bytes]) -> None:
        self._source = source
        self._target = target
        self._directory: list[bytes] = []
        self._moment = source.entries[0].moment if source.entries else _EPOCH

    def keep(self, entry: Entry) -> None:
        """Copy an entry as it stands, packed bytes, dates and attributes included."""
        self._directory.append(_moved(entry.central, self._target.tell()))
        self._source.copy(entry, self._target)

    def write(self, name: str, blocks: Iterable[bytes]) -> None:
        """Pack an entry from blocks of its content."""
        raw_name = name.encode()
        flags = 0 if name.isascii() else _UTF8
        common = (_VERSION, flags, _DEFLATED, *self._moment)
        offset = self._target.tell()
        self._target.write(_LOCAL.pack(b"PK\x03\x04", *common, 0, 0, 0, len(raw_name), 0))
        self._target.write(raw_name)
        sizes = self._pack(blocks)
        end = self._target.tell()
        self._target.seek(offset + _SIZES_AT)
        self._target.write(struct.pack("<3L", *sizes))
        self._target.seek(end)
        head = (b"PK\x01\x02", _VERSION, *common, *sizes, len(raw_name))
        self._directory.append(_CENTRAL.pack(*head, 0, 0, 0, 0, 0, offset) + raw_name)

    def _pack(self, blocks: Iterable[bytes]) -> tuple[int, int, int]:
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        crc, size, start = 0, 0, self._target.tell()
        for block in blocks:
            crc, size = zlib.crc32(block, crc), size + len(block)
            self._target.write(deflate.compress(block))
        self._target.write(deflate.flush())
        return crc, self._target.tell() - start, size

    def close(self) -> None:
        """Write the directory; the underlying file stays open."""
        offset = self._target.tell()
        self._target.writelines(self._directory)
        size = self._target.tell() - offset
        counts = (len(self._directory), len(self._directory))
        comment = self._source.comment
        self._target.write(_END.pack(b"PK\x05\x06", 0, 0, *counts, size, offset, len(comment)))
        self._target.write(comment)


def _moved(central: bytes, offset: int) -> bytes:
    """Return the directory record with its new offset, the only thing in it that may change."""
    record = bytearray(central)
    if struct.unpack_from("<L", record, _OFFSET_AT)[0] != _FULL32:
        struct.pack_into("<L", record, _OFFSET_AT, offset)
    else:
        struct.pack_into("<Q", record, _wide_offset_at(central), offset)
    return bytes(record)


def _wide_offset_at(central: bytes) -> int:
    """Find the 64-bit offset: in the extra field, after the sizes that are wide too."""
    position: int = _CENTRAL.size + struct.unpack_from("<H", central, _NAME_LENGTH_AT)[0]
    kind, length = _FIELD.unpack_from(central, position)
    while kind != 1:
        position += _FIELD.size + length
        kind, length = _FIELD.unpack_from(central, position)
    wide = [struct.unpack_from("<L", central, at)[0] == _FULL32 for at in (_PACKED_AT, _SIZE_AT)]
    return position + _FIELD.size + 8 * wide.count(True)
