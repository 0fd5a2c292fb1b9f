"""The shapes of comments: spreadsheet programs show a note only where its drawing says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.intake.markup.cells import MAX_COLUMN, MAX_ROW, Place
from core.intake.markup.errors import UnmarkableWorkbook
from core.kernel.issues import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Such drawings are older than XML tools' strictness (unclosed tags occur), so they are text here.
_SHAPE = re.compile(rb"<(?:[\w.-]+:)?shape\s[^>]*(?<!/)>")
_SHAPE_END = re.compile(rb"</(?:[\w.-]+:)?shape\s*>\s*")
_NOTE = re.compile(rb"""ObjectType\s*=\s*["']Note["']""")
_ROW = re.compile(rb"<(?:[\w.-]+:)?Row>\s*([0-9]{1,7})\s*<")
_COLUMN = re.compile(rb"<(?:[\w.-]+:)?Column>\s*([0-9]{1,5})\s*<")
_NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})\b")
_ROOT_END = re.compile(rb"</(?:[\w.-]+:)?xml\s*>\s*\Z")
_TYPE_ID = re.compile(rb"""id\s*=\s*["']_x0000_t202["']""")
_BLOCK = 1024
_CHARACTERS_PER_LINE = 44
_SPACES = (
    b'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_EMPTY = b'<xml %s><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/></o:shapelayout></xml>'
_TYPE = (
    b'<v:shapetype %s id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    b'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NEW_SHAPE = (
    b'<v:shape %(spaces)s id="_x0000_s%(number)d" type="#_x0000_t202" style="position:absolute;'
    b'margin-left:60pt;margin-top:2pt;width:240pt;height:%(height)dpt;z-index:1;visibility:hidden" '
    b'fillcolor="%(colour)s" o:insetmode="auto"><v:fill color2="%(colour)s"/>'
    b'<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    b"<x:Anchor>%(anchor)s</x:Anchor><x:AutoFill>False</x:AutoFill>"
    b"<x:Row>%(row)d</x:Row><x:Column>%(column)d</x:Column></x:ClientData></v:shape>"
)
# Light enough for black text; the note's first words say the same as the colour.
_COLOURS = {
    Severity.BLOCK: b"#ffe1e1",
    Severity.JUSTIFY: b"#fff1d6",
    Severity.INFORM: b"#e8f1ff",
}


def empty_drawing(block: int, shapes: int) -> bytes:
    """Return a drawing without shapes; ``block`` is its first block of 1,024 shape numbers."""
    blocks = range(block, block + shapes // _BLOCK + 1)
    return _EMPTY % (_SPACES, ",".join(map(str, blocks)).encode())


def blocks_needed(shapes: int) -> int:
    """Return how many blocks of shape numbers a new drawing takes."""
    return shapes // _BLOCK + 1


def remove_shapes(data: bytes, places: Iterable[Place]) -> bytes:
    """Take out the shapes of the comments at some places."""
    gone = set(places)
    kept, done = [], 0
    for start, end in _spans(data) if gone else ():
        if _place(data[start:end]) in gone:
            kept.append(data[done:start])
            done = end
    return b"".join([*kept, data[done:]])


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each shape begins and ends."""
    position = 0
    while opening := _SHAPE.search(data, position):
        closing = _SHAPE_END.search(data, opening.end())
        if closing is None:
            return
        position = closing.end()
        yield opening.start(), position


def _place(shape: bytes) -> Place | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if _NOTE.search(shape) is None or row is None or column is None:
        return None
    return int(row[1]) + 1, int(column[1]) + 1


def add_shapes(data: bytes, notes: Mapping[Place, str], severities: Mapping[Place, Severity], block: int) -> bytes:
    """Add a shape for each note; numbers start in ``block``, or above those in use."""
    end = _ROOT_END.search(data)
    if end is None:
        raise UnmarkableWorkbook(reason="unusual drawing")
    first = max([block * _BLOCK, *(int(n) for n in _NUMBER.findall(data))]) + 1
    spaces = b"" if all(space in data for space in _SPACES.split()) else _SPACES
    new = [b"" if _TYPE_ID.search(data) else _TYPE % spaces]
    new += _shapes(notes, severities, first, spaces)
    return data[: end.start()] + b"".join(new) + data[end.start() :]


def _shapes(
    notes: Mapping[Place, str], severities: Mapping[Place, Severity], first: int, spaces: bytes
) -> Iterator[bytes]:
    for number, (place, note) in enumerate(sorted(notes.items()), start=first):
        rows = _rows_for(note)
        yield _NEW_SHAPE % {
            b"spaces": spaces,
            b"number": number,
            b"height": rows * 15,
            b"colour": _COLOURS[severities[place]],
            b"anchor": _anchor(place, rows),
            b"row": place[0] - 1,
            b"column": place[1] - 1,
        }


def _rows_for(note: str) -> int:
    lines = sum(len(line) // _CHARACTERS_PER_LINE + 1 for line in note.split("\n"))
    return min(lines + 1, 25)


def _anchor(place: Place, rows: int) -> bytes:
    """Place the box beside its cell; at the grid's far edges it moves inwards."""
    left = min(place[1], MAX_COLUMN - 5)
    top = min(max(place[0] - 2, 0), MAX_ROW - rows - 1)
    return b"%d, 15, %d, 2, %d, 15, %d, 4" % (left, top, left + 4, top + rows)
