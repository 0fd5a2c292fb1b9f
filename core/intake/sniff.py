"""Says what a file is by its content; its name and its declared media type prove nothing."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from core.intake import packages, refusals

if TYPE_CHECKING:
    from pathlib import Path

    from core.intake.limits import Limits

HEAD_BYTES = 64 * 1024
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in a compound file are UTF-16.
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
SIGNATURES: tuple[tuple[bytes, type[refusals.FileRefused]], ...] = (
    (b"%PDF-", refusals.PdfFile),
    (b"\x89PNG", refusals.PictureFile),
    (b"\xff\xd8\xff", refusals.PictureFile),
    (b"GIF8", refusals.PictureFile),
    (b"II*\x00", refusals.PictureFile),
    (b"MM\x00*", refusals.PictureFile),
    (b"\x1f\x8b", refusals.ArchiveFile),
    (b"7z\xbc\xaf\x27\x1c", refusals.ArchiveFile),
    (b"Rar!", refusals.ArchiveFile),
    (b"BZh", refusals.ArchiveFile),
    (b"\xfd7zXZ", refusals.ArchiveFile),
    (b"\x28\xb5\x2f\xfd", refusals.ArchiveFile),
    (b"{\\rtf", refusals.OtherOfficeFile),
    (b"\x7fELF", refusals.UnknownFileKind),
    (b"MZ", refusals.UnknownFileKind),
)
WEB_PAGE = re.compile(r"<(!doctype\s+html|html|table|meta|body)\b", re.IGNORECASE)
EXCEL_2003 = "urn:schemas-microsoft-com:office:spreadsheet"


class FileKind(StrEnum):
    """What can be read."""

    WORKBOOK = "workbook"
    TEXT = "text"
    XML = "xml"


def sniff(path: Path, limits: Limits) -> FileKind:
    """Return the kind of a file, or raise the refusal that tells how to mend it."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise refusals.EmptyFile
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        packages.check_workbook(path, limits)
        return FileKind.WORKBOOK
    if head.startswith(COMPOUND):
        raise _refusal_of_compound(path)
    for signature, refusal in SIGNATURES:
        if head.startswith(signature):
            raise refusal
    return _sniff_text(head)


def _refusal_of_compound(path: Path) -> refusals.FileRefused:
    """A compound file is an old workbook, or a new one behind a password."""
    with path.open("rb") as file:
        content = file.read(8 * 1024 * 1024)
    if ENCRYPTED_STREAM in content:
        return refusals.EncryptedWorkbook()
    if any(stream in content for stream in OLD_WORKBOOK_STREAMS):
        return refusals.OldWorkbook()
    return refusals.UnknownFileKind()


def _sniff_text(head: bytes) -> FileKind:
    text = _decode_head(head).lstrip("\ufeff \t\r\n")
    if WEB_PAGE.match(text):
        raise refusals.WebPageFile
    if text.startswith("<"):
        if EXCEL_2003 in text:
            raise refusals.XmlSpreadsheet
        if not text.startswith(("<?xml", "<!")) and WEB_PAGE.search(text[:2048]):
            raise refusals.WebPageFile
        return FileKind.XML
    if "\x00" in text:
        raise refusals.UnknownFileKind
    return FileKind.TEXT


def _decode_head(head: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    if wide := wide_encoding(head):
        return head.decode(wide, "replace")
    return head.decode("latin-1")


def wide_encoding(head: bytes) -> str | None:
    """Return the UTF-16 order of a text without mark, seen by where its zero bytes lie."""
    sample = head[: 4096 - len(head) % 2]
    even, odd = sample[0::2], sample[1::2]
    if not even or not odd:
        return None
    zeros_even, zeros_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zeros_odd > 0.4 and zeros_even < 0.05:  # noqa: PLR2004 -- shares of Latin text in UTF-16
        return "utf-16-le"
    if zeros_even > 0.4 and zeros_odd < 0.05:  # noqa: PLR2004 -- shares of Latin text in UTF-16
        return "utf-16-be"
    return None
