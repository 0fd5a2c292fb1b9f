"""Looks into a workbook's package before anything else does: parts, sizes, macros, where its sheets lie."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.intake import refusals
from core.intake.hardened_xml import parse_small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.intake.limits import Limits

CHUNK = 128 * 1024
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
ENCRYPTED_FLAG = 0x1
RATIO_FROM_BYTES = 16 * 1024 * 1024
SMALL_PART_BYTES = 8 * 1024 * 1024
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
RELATIONSHIP_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet of a workbook: its name, the part that holds its cells, whether people see it."""

    name: str
    part: str
    visible: bool


def check_workbook(path: Path, limits: Limits) -> None:
    """Raise the refusal that fits if a package is not a plain, sound .xlsx within bounds."""
    with open_package(path) as archive:
        _check_parts(archive, limits)
        _check_kind(archive)


@contextmanager
def open_package(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a package; what zipfile cannot read is a damaged workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, UnicodeDecodeError) as error:
        raise refusals.CorruptWorkbook from error


def _check_parts(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if not parts or len(names) != len(parts):
        raise refusals.CorruptWorkbook
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise refusals.EncryptedWorkbook
    if any(part.compress_type not in METHODS for part in parts):
        raise refusals.CorruptWorkbook
    if len(parts) > limits.package_parts or sum(part.file_size for part in parts) > limits.inflated_bytes:
        raise refusals.WorkbookBomb
    for part in parts:
        if part.file_size > max(RATIO_FROM_BYTES, part.compress_size * limits.inflate_ratio):
            raise refusals.WorkbookBomb


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = {name.lower() for name in archive.namelist()}
    if "mimetype" in names:
        kind = read_part(archive, "mimetype")
        is_sheet = kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet")
        raise refusals.OpenDocumentWorkbook if is_sheet else refusals.OtherOfficeFile
    if "[content_types].xml" not in names:
        raise refusals.ArchiveFile
    types = read_part(archive, "[Content_Types].xml")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names):
        raise refusals.WorkbookWithMacros
    if b"macroEnabled" in types or b"ms-excel.intlmacrosheet" in types:
        raise refusals.WorkbookWithMacros
    if "xl/workbook.bin" in names:
        raise refusals.BinaryWorkbook
    if not any(name.startswith("xl/") for name in names):
        raise refusals.OtherOfficeFile


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one small part whole; parts that describe a package are never large."""
    found = {info.filename.lower(): info for info in archive.infolist()}.get(name.lower())
    if found is None or found.file_size > SMALL_PART_BYTES:
        raise refusals.CorruptWorkbook
    return b"".join(inflate(archive, found))


def inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's bytes; raise if they are more or fewer than the package declares.

    Done here because zipfile stops silently at the declared size, where other readers go on. Whoever
    reads the values proves the checksum.
    """
    size = 0
    for chunk in _expand(_stored(archive, info), info.compress_type):
        size += len(chunk)
        if size > info.file_size:
            raise refusals.WorkbookBomb
        yield chunk
    if size != info.file_size:
        raise refusals.CorruptWorkbook


def _stored(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the part as it lies in the package."""
    file = archive.fp
    if file is None:
        raise refusals.CorruptWorkbook
    file.seek(info.header_offset)
    header = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    if header[0] != b"PK\x03\x04":
        raise refusals.CorruptWorkbook
    file.seek(info.header_offset + LOCAL_HEADER.size + header[9] + header[10])
    waiting = info.compress_size
    while waiting > 0 and (raw := file.read(min(CHUNK, waiting))):
        waiting -= len(raw)
        yield raw


def _expand(stored: Iterator[bytes], method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield from stored
        return
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    for raw in stored:
        waiting = raw
        while waiting and not engine.eof:
            yield engine.decompress(waiting, CHUNK)
            waiting = engine.unconsumed_tail
    yield engine.flush()
    if not engine.eof:
        raise refusals.CorruptWorkbook


def list_sheets(archive: zipfile.ZipFile) -> list[SheetPart]:
    """Return the workbook's sheets in their order; charts and dialogs are left out."""
    book_name = _main_part(archive)
    folder = posixpath.dirname(book_name)
    relations_name = posixpath.join(folder, "_rels", posixpath.basename(book_name) + ".rels")
    targets = _targets(archive, relations_name)
    sheets = []
    for sheet in parse_small(read_part(archive, book_name)).iterfind("{*}sheets/{*}sheet"):
        identifier = next((sheet.get(name) for name in RELATIONSHIP_ID if sheet.get(name)), "")
        kind, target = targets.get(identifier or "", ("", ""))
        if kind.endswith("/worksheet"):
            part = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            sheets.append(SheetPart(sheet.get("name") or "", part, visible=sheet.get("state", "visible") == "visible"))
    return sheets


def _main_part(archive: zipfile.ZipFile) -> str:
    for kind, target in _targets(archive, "_rels/.rels").values():
        if kind.endswith("/officeDocument"):
            return target.lstrip("/")
    raise refusals.CorruptWorkbook


def _targets(archive: zipfile.ZipFile, name: str) -> dict[str, tuple[str, str]]:
    root = parse_small(read_part(archive, name))
    return {
        relation.get("Id") or "": (relation.get("Type") or "", relation.get("Target") or "")
        for relation in root.iterfind("{*}Relationship")
    }
