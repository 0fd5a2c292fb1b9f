"""What a sheet hides from a reader of values: formulas without result, error values, merged cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.intake import packages, refusals
from core.intake.hardened_xml import stream_elements
from core.intake.tables import CellFault, CellRange, column_index

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml import etree

OVERLAP = 512
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
CELL_TAGS = tuple(f"{{{namespace}}}c" for namespace in MAIN)
ROW_TAGS = tuple(f"{{{namespace}}}row" for namespace in MAIN)
ERROR_CELLS = (b't="e"', b"t='e'")
EMPTY_FORMULA = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f[^<>]*/>)\s*(?:</|<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</|<(?:\w+:)?is\s*/>)"
)
MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)["']""")
REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
MERGES_KEPT = 10_000


@dataclass(slots=True)
class _Scan:
    suspicious: bool = False
    merged: list[CellRange] = field(default_factory=list)


def look_behind(archive: zipfile.ZipFile, part: str) -> tuple[tuple[CellFault, ...], tuple[CellRange, ...]]:
    """Return the cells without a value of their own, and the merged blocks.

    Inflates the sheet once (which also proves its declared size) and parses its cells only if
    the bytes show an error value or a formula without a stored result.
    """
    info = _info(archive, part)
    scan = _scan(packages.inflate(archive, info))
    faults = tuple(_list_faults(archive, info)) if scan.suspicious else ()
    return faults, tuple(scan.merged)


def _info(archive: zipfile.ZipFile, part: str) -> zipfile.ZipInfo:
    try:
        return archive.getinfo(part)
    except KeyError:
        raise refusals.CorruptWorkbook from None


def _scan(chunks: Iterator[bytes]) -> _Scan:
    """Look for signs, in the quickest way there is for each: this runs over every byte of every sheet."""
    found = _Scan()
    tail = b""
    for chunk in chunks:
        if not found.suspicious:
            found.suspicious = _is_suspicious(chunk) or _is_suspicious(tail + chunk[:OVERLAP])
        if (_has_after(chunk, b"g", b"r") or b"mer" in tail) and b"mergeCell" in tail + chunk:
            found.merged.extend(_list_merges(tail + chunk, len(tail)))
        tail = chunk[-OVERLAP:]
    found.merged = list(dict.fromkeys(found.merged))[:MERGES_KEPT]
    return found


def _is_suspicious(window: bytes) -> bool:
    """Every error value begins with ``#``, every formula with an element ``f``."""
    if _has_after(window, b"#", b">") and any(mark in window for mark in ERROR_CELLS):
        return True
    return _has_after(window, b"f", b"<:") and EMPTY_FORMULA.search(window) is not None


def _has_after(window: bytes, rare: bytes, before: bytes) -> bool:
    """Whether the rare byte follows one of ``before``; far quicker to find than two bytes at once."""
    place = window.find(rare)
    while place >= 0:
        if place and window[place - 1] in before:
            return True
        place = window.find(rare, place + 1)
    return False


def _list_merges(window: bytes, tail: int) -> Iterator[CellRange]:
    for found in MERGE.finditer(window):
        if found.end() > tail:
            first, top, last, bottom = (group.decode() for group in found.groups())
            yield CellRange(int(top), column_index(first), int(bottom), column_index(last))


def _list_faults(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[CellFault]:
    file = _Chunks(packages.inflate(archive, info))
    for element in stream_elements(file, CELL_TAGS + ROW_TAGS):  # type: ignore[arg-type]
        if element.tag in CELL_TAGS and (fault := _fault_of(element)):
            yield fault


def _fault_of(cell: etree._Element) -> CellFault | None:
    place = REFERENCE.fullmatch(cell.get("r") or "")
    if place is None:
        return None
    row, column = int(place[2]), column_index(place[1])
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "e":
        return CellFault(row, column, "cell_error_value", value)
    formula = cell.find("{*}f")
    if formula is not None and not value and cell.find("{*}is") is None and cell.get("t") != "str":
        return CellFault(row, column, "formula_without_value", "=" + (formula.text or ""))
    return None


class _Chunks:
    """A byte stream over chunks, as far as iterparse needs one."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _size: int = -1) -> bytes:
        """Return the next chunk; inflation yields empty ones that must not end the stream."""
        return next((chunk for chunk in self._chunks if chunk), b"")
