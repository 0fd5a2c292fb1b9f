"""One worksheet's XML of any length: finding where a drawing belongs, and putting it there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.intake.markup.edits import attribute, tag_name
from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.namespaces import COMPATIBILITY, DIALECTS, Dialect
from core.intake.markup.positions import Element, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OPENING = re.compile(rb"""<(?:[\w.-]+:)?sheetData(?=[\s/>])(?:[^>"']|"[^"]*"|'[^']*')*>""")
_CLOSING = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
_OVERLAP = 512
_HEAD_LIMIT = 8 << 20
_TAIL_LIMIT = 16 << 20
# What the standard puts after the drawing for comments (CT_Worksheet, in both dialects).
_AFTER = frozenset({"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"})
_AFTER |= {"webPublishItems", "tableParts", "extLst"}


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """A worksheet around its rows: the drawing's id if there is one, else where it belongs.

    ``prefix`` is the one of the sheet's elements, ``reference`` that of relationship ids.
    """

    dialect: Dialect
    drawing_id: str | None
    insert_at: int
    prefix: str
    reference: str

    def drawing_tag(self, identifier: str) -> bytes:
        """Return the element that points at the comments' drawing."""
        declaration = b"" if self.reference else b' xmlns:r="%s"' % self._relationships
        prefix = self.reference or "r"
        name = tag_name(self.prefix, "legacyDrawing")
        return b"<%s%s %s:id=%s/>" % (name, declaration, prefix.encode(), attribute(identifier))

    @property
    def _relationships(self) -> bytes:
        return self.dialect.relationships.encode()


def frame_sheet(blocks: Iterable[bytes]) -> SheetFrame:
    """Read a worksheet once, keeping only what stands before and after its rows."""
    head, tail, tail_at = _around_rows(blocks)
    part = Part(head + tail)
    root = part.root
    if root.name != "worksheet" or root.space not in DIALECTS:
        raise UnmarkableWorkbook(reason="no worksheet")
    dialect = DIALECTS[root.space]
    drawing = root.first("legacyDrawing")
    place = next((c.start for c in root.children if _rank(c) in _AFTER), root.inner_end)
    if place < len(head):
        raise UnmarkableWorkbook(reason="unusual order in worksheet")
    return SheetFrame(
        dialect=dialect,
        drawing_id=drawing.attributes.get(f"{dialect.relationships}|id") if drawing else None,
        insert_at=tail_at + place - len(head),
        prefix=root.prefix,
        reference=part.prefixes.get(dialect.relationships, ""),
    )


def _rank(element: Element) -> str:
    """Return the name that decides the order; an alternative stands for what it offers."""
    if element.space != COMPATIBILITY:
        return element.name
    inner = (e for e in element.walk() if e.space not in ("", COMPATIBILITY))
    return next((e.name for e in inner), "")


def _around_rows(blocks: Iterable[bytes]) -> tuple[bytes, bytes, int]:
    """Return the bytes before the rows, those after them, and the offset of the latter."""
    stream = iter(blocks)
    read = b""
    for block in stream:
        read += block
        if opening := _OPENING.search(read):
            head, rest = read[: opening.start()], read[opening.end() :]
            if opening[0].endswith(b"/>"):
                return head, rest + _read_tail(stream), opening.end()
            return (head, *_skip_rows(stream, rest, len(read)))
        if len(read) > _HEAD_LIMIT:
            break
    raise UnmarkableWorkbook(reason="no rows in worksheet")


def _skip_rows(stream: Iterator[bytes], window: bytes, read: int) -> tuple[bytes, int]:
    """Return what follows the rows, and its offset."""
    while True:
        if b"sheetData" in window and (found := _CLOSING.search(window)):
            rest = window[found.end() :]
            return rest + _read_tail(stream), read - len(rest)
        block = next(stream, None)
        if block is None:
            raise UnmarkableWorkbook(reason="truncated worksheet")
        window = window[-_OVERLAP:] + block
        read += len(block)


def _read_tail(stream: Iterator[bytes]) -> bytes:
    pieces, length = [], 0
    for block in stream:
        pieces.append(block)
        length += len(block)
        if length > _TAIL_LIMIT:
            raise UnmarkableWorkbook(reason="worksheet too large")
    return b"".join(pieces)


def insert_into(blocks: Iterable[bytes], offset: int, new: bytes) -> Iterator[bytes]:
    """Yield the blocks with ``new`` put at an offset."""
    position = 0
    for block in blocks:
        cut = offset - position
        position += len(block)
        if 0 <= cut < len(block):
            yield block[:cut] + new + block[cut:]
        else:
            yield block
