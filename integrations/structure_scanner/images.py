"""Images: whole, of a sensible size, and with nothing hung on behind."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from integrations.structure_scanner.findings import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PIXELS = 120_000_000
_LONGEST_SIDE = 30_000
_HUNG_ON = re.compile(rb"PK\x03\x04|%PDF-|MZ\x90\x00|\x7fELF|Rar!|7z\xbc\xaf")
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_SOS, _EOI = 0xDA, 0xD9
_WIDTH, _HEIGHT = 256, 257
_SHORT = 3


def check_png(data: bytes) -> None:
    """Follow the chunks to IEND, where the file must end."""
    position, last = 8, b""
    width, height = struct.unpack_from(">II", data, 16)
    while position + 12 <= len(data) and last != b"IEND":
        length, last = struct.unpack_from(">I4s", data, position)
        position += 12 + length
    if last != b"IEND" or position > len(data):
        raise Refused("damaged", "no IEND")
    if position != len(data):
        raise Refused("two_in_one", "data after the end")
    _check_size(width, height)


def check_jpeg(data: bytes) -> None:
    """Follow the segments to the picture; telephones hang previews on, nothing else may follow."""
    picture = -1
    for marker, start in _segments(data):
        if marker in _SOF:
            height, width = struct.unpack_from(">HH", data, start + 3)
            _check_size(width, height)
        picture = start if marker == _SOS else picture
    # Within the picture's own data the byte FF is always escaped, so that this is its true end.
    end = data.find(b"\xff\xd9", picture)
    if picture < 0 or end < 0:
        raise Refused("damaged", "no end")
    if _HUNG_ON.search(data, end):
        raise Refused("two_in_one", "data after the end")


def check_tiff(data: bytes) -> None:
    """Read the first directory's width and height."""
    order = "<" if data[:2] == b"II" else ">"
    (offset,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, offset)
    sides = {}
    for index in range(count):
        tag, kind, _, value = struct.unpack_from(f"{order}HHI4s", data, offset + 2 + 12 * index)
        if tag in {_WIDTH, _HEIGHT}:
            sides[tag] = struct.unpack_from(f"{order}{'H' if kind == _SHORT else 'I'}", value)[0]
    if len(sides) != 2:  # noqa: PLR2004 -- width and height
        raise Refused("damaged", "no size")
    _check_size(sides[_WIDTH], sides[_HEIGHT])
    if b"PK\x03\x04" in data[-_LONGEST_SIDE:]:
        raise Refused("two_in_one", "zip")


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:  # noqa: PLR2004 -- every marker begins so
            raise Refused("damaged", "marker")
        marker = data[position + 1]
        if marker == _EOI:
            return
        if marker == 0xFF or marker in _ALONE:  # noqa: PLR2004 -- fill byte
            position += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        yield marker, position + 2
        if marker == _SOS:
            return
        position += 2 + int(struct.unpack_from(">H", data, position + 2)[0])


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise Refused("damaged", "no size")
    if width * height > _MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
        raise Refused("image_too_large", f"{width}x{height}")
