"""Which PNG may be a logo: told by its header alone, since what is drawn large would fill the memory first."""

from __future__ import annotations

import base64
import binascii
import zlib

from core.configuration.registry import Refusal
from core.kernel.text import N_

MAX_BYTES = 96 * 1024
MAX_SIDE = 2_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Signature, then length, name, 13 bytes of contents and checksum of the first chunk.
_HEADER = slice(len(_SIGNATURE), len(_SIGNATURE) + 25)


def find_fault(text: str) -> Refusal | None:
    """Return why a text cannot be a logo's PNG in base64, or nothing; nothing is decompressed."""
    if len(text) > MAX_BYTES * 4 // 3 + 4:
        return Refusal(N_("The picture is larger than %(most)s KiB."), most=MAX_BYTES // 1024)
    try:
        size = read_size(read_png(text))
    except ValueError:
        return Refusal(N_("The picture is not a PNG file."))
    if max(size) > MAX_SIDE:
        return Refusal(
            N_("The picture is %(width)s by %(height)s pixels; at most %(most)s are allowed on a side."),
            width=size[0],
            height=size[1],
            most=MAX_SIDE,
        )
    return None


def read_png(text: str) -> bytes:
    """Return the file's bytes; raises ``ValueError`` where the text is not base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def read_size(content: bytes) -> tuple[int, int]:
    """Return width and height as the file's header states them; raises ``ValueError`` for another kind of file."""
    header = content[_HEADER]
    is_png = content.startswith(_SIGNATURE) and header[:8] == b"\x00\x00\x00\rIHDR" and _is_intact(header)
    size = int.from_bytes(header[8:12], "big"), int.from_bytes(header[12:16], "big")
    if not is_png or 0 in size:
        message = "no PNG"
        raise ValueError(message)
    return size


def _is_intact(header: bytes) -> bool:
    return zlib.crc32(header[4:21]) == int.from_bytes(header[21:25], "big")


def wrap(text: str) -> str:
    """Return an SVG that shows the picture, for papers that draw SVG only."""
    width, height = read_size(read_png(text))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{"".join(text.split())}"/></svg>'
    )
