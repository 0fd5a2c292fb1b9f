"""OOXML packages: honest archives without macros, embedded programs or links to other programs."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from core.documents import sniffing
from integrations.structure_scanner.findings import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_ENTRIES = 10_000
_MOST_BYTES = 400 * 2**20
_HIGHEST_RATIO = 200
_SMALL_BYTES = 32 * 2**20
_DEEPEST = 2
_END_OF_DIRECTORY = b"PK\x05\x06"
_END_BYTES = 22
_CHUNK = 2**20
_MACROS = re.compile(r"(?i)(vbaproject|vbadata|macrosheets/|dialogsheets/)")
_EMBEDDED = re.compile(r"(?i)(^|/)(activex|embeddings|ctrlprops/.*\.bin)")
_MACRO_TYPES = re.compile(rb"(?i)macroenabled|vbaproject|intlmacrosheet")
_LIVE_LINK = re.compile(rb"(?i)<([a-z0-9]+:)?(ddelink|olelink)[\s>]|>\s*DDE(AUTO)?\s")
_OUTSIDE = re.compile(
    rb'(?i)<Relationship\b(?=[^>]*TargetMode\s*=\s*["\']External)(?=[^>]*/(attachedTemplate|oleObject|frame|subDocument)["\'])'
)
_DOCTYPE = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_ACTIVE = {
    sniffing.EXECUTABLE: "embedded_object",
    sniffing.OLD_OFFICE: "embedded_object",
    sniffing.HTML: "active_content",
}


def check_xlsx(data: bytes) -> None:
    """Judge a workbook."""
    _check(data, b"spreadsheetml", 0)


def check_docx(data: bytes) -> None:
    """Judge a text document."""
    _check(data, b"wordprocessingml", 0)


def _check(data: bytes, family: bytes, depth: int) -> None:
    _check_frame(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_directory(entries, len(data))
            _check_family(package, family)
            for entry in entries:
                _check_entry(package, entry, depth)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise Refused("damaged", type(error).__name__) from None


def _check_frame(data: bytes) -> None:
    """Nothing before the first entry, nothing after the directory."""
    end = data.rfind(_END_OF_DIRECTORY)
    if end < 0 or not data.startswith(b"PK\x03\x04"):
        raise Refused("damaged", "frame")
    if len(data) != end + _END_BYTES:
        raise Refused("two_in_one", "data after the end")


def _check_directory(entries: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or total > _MOST_BYTES:
        raise Refused("too_much_inside", f"{len(entries)} entries, {total} bytes")
    if total > _SMALL_BYTES and total > size * _HIGHEST_RATIO:
        raise Refused("too_much_inside", "ratio")
    if sum(entry.compress_size for entry in entries) > size:
        raise Refused("too_much_inside", "overlapping entries")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names) or any(_leaves(name) for name in names):
        raise Refused("damaged", "names")


def _leaves(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name


def _check_family(package: zipfile.ZipFile, family: bytes) -> None:
    try:
        types = package.read("[Content_Types].xml")
    except KeyError:
        raise Refused("name_mismatch", "no content types") from None
    if _MACRO_TYPES.search(types):
        raise Refused("macros")
    if family not in types:
        raise Refused("name_mismatch", "content types")


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
    name = entry.filename
    if _MACROS.search(name):
        raise Refused("macros", name)
    if _EMBEDDED.search(name) and not entry.is_dir():
        _check_embedded(package, entry, depth)
        return
    markup = name.lower().endswith((".xml", ".rels", ".vml"))
    seen = b""
    for position, chunk in enumerate(_chunks(package, entry)):
        if position == 0:
            _check_head(chunk, name)
        if markup:
            _check_markup(seen + chunk, name)
            seen = chunk[-1024:]


def _check_embedded(package: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
    """A chart in a text document brings its workbook along; nothing else may lie inside."""
    if not entry.filename.lower().endswith(".xlsx") or depth >= _DEEPEST:
        raise Refused("embedded_object", entry.filename)
    _check(package.read(entry), b"spreadsheetml", depth + 1)


def _chunks(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    # Reading to the end compares length and CRC with what the directory promises.
    with package.open(entry) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _check_head(chunk: bytes, name: str) -> None:
    found = sniffing.sniff(chunk[: sniffing.HEAD_BYTES], name)
    if found in _ACTIVE:
        raise Refused(_ACTIVE[found], name)
    if found == sniffing.ZIP:
        raise Refused("embedded_object", name)
    if found == sniffing.SVG and b"<script" in chunk.lower():
        raise Refused("active_content", name)


def _check_markup(text: bytes, name: str) -> None:
    if any(mark in text for mark in _DOCTYPE):
        raise Refused("dtd", name)
    if _LIVE_LINK.search(text) or _OUTSIDE.search(text):
        raise Refused("embedded_object", name)
