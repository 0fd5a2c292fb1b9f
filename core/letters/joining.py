"""One PDF out of many pieces: each object is written as it is read, so that only one piece is in memory at a time.

Libraries that join PDFs hold the whole of it. What the pages need goes over, with new numbers and untouched streams;
what stands beside the pages (outlines, tags, metadata) stays behind, since the file is for a printer.
"""

from __future__ import annotations

from array import array
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The second line tells transfers that the file is no text.
_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_CATALOGUE, _TREE, _FIRST_FREE = 1, 2, 3
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_LEFT_BEHIND = frozenset({"/Parent", "/StructParents", "/StructParent", "/Annots", "/Tabs", "/Length"})


class Joiner:
    """Writes one PDF into ``target``, which begins empty; ``finish`` makes it whole."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        # Where each object begins, by its number; 0 while it is not written.
        self._begins = array("Q", [0] * _FIRST_FREE)
        self._branches: list[tuple[int, int]] = []
        # Of the piece at hand: what has gone over already, by its number there, and what is still to go.
        self._numbers: dict[tuple[int, int], int] = {}
        self._waiting: list[tuple[int, pikepdf.Object]] = []
        self._target.write(_HEAD)

    def add(self, piece: BinaryIO) -> None:
        """Append the pages of a PDF."""
        branch = self._take_number()
        with pikepdf.open(piece) as source:
            leaves = [self._write_page(page.obj, branch) for page in source.pages]
            self._numbers.clear()
        kids = b" ".join(_reference(number) for number in leaves)
        text = b"<< /Type /Pages /Parent %b /Count %d /Kids [ %b ] >>" % (_reference(_TREE), len(leaves), kids)
        self._write(branch, text)
        self._branches.append((branch, len(leaves)))

    def finish(self) -> None:
        """Write what holds the pages together, and where everything stands."""
        kids = b" ".join(_reference(number) for number, _ in self._branches)
        count = sum(pages for _, pages in self._branches)
        self._write(_TREE, b"<< /Type /Pages /Count %d /Kids [ %b ] >>" % (count, kids))
        self._write(_CATALOGUE, b"<< /Type /Catalog /Pages %b >>" % _reference(_TREE))
        table = self._target.tell()
        self._target.write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._begins))
        self._target.writelines(b"%010d 00000 n \n" % begin for begin in self._begins[1:])
        trailer = b"trailer\n<< /Size %d /Root %b >>\nstartxref\n%d\n%%%%EOF\n"
        self._target.write(trailer % (len(self._begins), _reference(_CATALOGUE), table))

    def _write_page(self, page: pikepdf.Object, branch: int) -> int:
        number = self._take_number()
        entries = self._entries(_with_inherited(page))
        self._write(number, b"<< /Parent %b %b>>" % (_reference(branch), entries))
        while self._waiting:
            self._write_object(*self._waiting.pop())
        return number

    def _write_object(self, number: int, found: pikepdf.Object) -> None:
        if not isinstance(found, pikepdf.Stream):
            self._write(number, self._to_text(found, is_whole=True))
            return
        raw = found.read_raw_bytes()
        head = b"<< /Length %d %b>>\nstream\n" % (len(raw), self._entries(found.stream_dict.items()))
        self._write(number, head, raw, b"\nendstream")

    def _to_text(self, value: Any, *, is_whole: bool = False) -> bytes:
        """Return a value as PDF writes it; what stands elsewhere in the piece as a reference, to be written after."""
        if not isinstance(value, pikepdf.Object):
            return _scalar(value)
        if value.is_indirect and not is_whole:
            return _reference(self._number_of(value))
        if isinstance(value, pikepdf.Array):
            return b"[ %b ]" % b" ".join(self._to_text(one) for one in value)
        if isinstance(value, pikepdf.Dictionary):
            return b"<< %b>>" % self._entries(value.items())
        return value.unparse()

    def _entries(self, items: Iterable[tuple[str, Any]]) -> bytes:
        kept = ((key, value) for key, value in items if key not in _LEFT_BEHIND)
        return b"".join(b"%b %b " % (pikepdf.Name(key).unparse(), self._to_text(value)) for key, value in kept)

    def _number_of(self, found: pikepdf.Object) -> int:
        if found.objgen not in self._numbers:
            self._numbers[found.objgen] = number = self._take_number()
            self._waiting.append((number, found))
        return self._numbers[found.objgen]

    def _take_number(self) -> int:
        self._begins.append(0)
        return len(self._begins) - 1

    def _write(self, number: int, *content: bytes) -> None:
        self._begins[number] = self._target.tell()
        self._target.writelines((b"%d 0 obj\n" % number, *content, b"\nendobj\n"))


def _with_inherited(page: pikepdf.Object) -> Iterator[tuple[str, Any]]:
    yield from page.items()
    for key in _INHERITED:
        above = page
        while key not in above and "/Parent" in above:
            above = above["/Parent"]
        if key in above and above is not page:
            yield key, above[key]


def _reference(number: int) -> bytes:
    return b"%d 0 R" % number


def _scalar(value: object) -> bytes:
    if value is None:
        return b"null"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return f"{value:f}".encode() if isinstance(value, Decimal) else str(value).encode()
