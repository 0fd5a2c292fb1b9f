"""What a file is, is seen in its content; every refusal says how to mend it."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from core.intake import refusals
from core.intake.limits import Limits
from core.intake.sniff import FileKind, sniff

if TYPE_CHECKING:
    from pathlib import Path


def workbook_bytes() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "AHVNr"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def package(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def repacked(content: bytes, **more: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return package(parts | {name.replace("__", "/"): part for name, part in more.items()})


def flagged_as_encrypted(content: bytes) -> bytes:
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(signature)
        changed[place + offset] |= 1
    return bytes(changed)


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MACRO_TYPES = b"<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
REFUSED = {
    "empty": (b"", refusals.EmptyFile),
    "only_blanks": (b"\xef\xbb\xbf \r\n\r\n", refusals.EmptyFile),
    "pdf": (b"%PDF-1.7\n", refusals.PdfFile),
    "png": (b"\x89PNG\r\n\x1a\n", refusals.PictureFile),
    "gzip": (b"\x1f\x8b\x08\x00", refusals.ArchiveFile),
    "zip_of_anything": (package({"list.csv": b"a;b"}), refusals.ArchiveFile),
    "zip_of_workbook": (package({"salaries.xlsx": workbook_bytes()}), refusals.ArchiveFile),
    "empty_zip": (b"PK\x05\x06" + bytes(18), refusals.CorruptWorkbook),
    "program": (b"\x7fELF\x02\x01", refusals.UnknownFileKind),
    "noise": (bytes(range(256)) * 4, refusals.UnknownFileKind),
    "old_workbook": (COMPOUND + "Workbook".encode("utf-16-le"), refusals.OldWorkbook),
    "password": (COMPOUND + "EncryptedPackage".encode("utf-16-le"), refusals.EncryptedWorkbook),
    "encrypted_part": (flagged_as_encrypted(workbook_bytes()), refusals.EncryptedWorkbook),
    "macros": (repacked(workbook_bytes(), xl__vbaProject=b"x", **{"xl__vbaProject.bin": b"x"}), refusals.WorkbookWithMacros),
    "macro_type": (package({"[Content_Types].xml": MACRO_TYPES, "xl/workbook.xml": b""}), refusals.WorkbookWithMacros),
    "macro_sheet": (package({"[Content_Types].xml": TYPES, "xl/macrosheets/s.xml": b""}), refusals.WorkbookWithMacros),
    "binary_workbook": (package({"[Content_Types].xml": TYPES, "xl/workbook.bin": b""}), refusals.BinaryWorkbook),
    "open_document": (package({"mimetype": ODS, "content.xml": b""}), refusals.OpenDocumentWorkbook),
    "text_document": (package({"[Content_Types].xml": TYPES, "word/document.xml": b""}), refusals.OtherOfficeFile),
    "rich_text": (b"{\\rtf1\\ansi}", refusals.OtherOfficeFile),
    "truncated_workbook": (workbook_bytes()[:2000], refusals.CorruptWorkbook),
    "web_page": (b"<html><body><table><tr><td>AHVNr</td></tr></table>", refusals.WebPageFile),
    "web_page_with_doctype": (b"<!DOCTYPE html><html></html>", refusals.WebPageFile),
    "excel_2003": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', refusals.XmlSpreadsheet),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_file_says_why(name: str, tmp_path: Path) -> None:
    content, refusal = REFUSED[name]
    path = tmp_path / "salaries.xlsx"
    path.write_bytes(content)
    with pytest.raises(refusals.FileRefused) as raised:
        sniff(path, Limits())
    assert type(raised.value) is refusal


READABLE = {
    "workbook": (workbook_bytes(), FileKind.WORKBOOK),
    "text": (b"AHVNr;Name\n", FileKind.TEXT),
    "text_in_utf_16": ("AHVNr;Name\n".encode("utf-16"), FileKind.TEXT),
    "text_in_utf_16_without_mark": ("AHVNr;Name;Vorname\n".encode("utf-16-le"), FileKind.TEXT),
    "text_in_latin_1": ("Prénom;Né le\n".encode("latin-1"), FileKind.TEXT),
    "xml": (b'<?xml version="1.0"?><DeclareSalary/>', FileKind.XML),
    "xml_after_blanks": (b"\xef\xbb\xbf\n <a/>", FileKind.XML),
    "xml_in_utf_16": ('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"), FileKind.XML),
}


@pytest.mark.parametrize("name", READABLE)
def test_readable_file_whatever_its_name(name: str, tmp_path: Path) -> None:
    content, kind = READABLE[name]
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    assert sniff(path, Limits()) is kind


def test_workbook_that_unpacks_beyond_bounds(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(repacked(workbook_bytes(), **{"xl__media__image1.png": bytes(40 * 1024 * 1024)}))
    with pytest.raises(refusals.WorkbookBomb):
        sniff(path, Limits())


def test_workbook_of_too_many_parts(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    path.write_bytes(repacked(workbook_bytes(), **{f"xl__media__{number}.png": b"" for number in range(40)}))
    with pytest.raises(refusals.WorkbookBomb):
        sniff(path, Limits(package_parts=40))


def test_workbook_that_hides_its_size(tmp_path: Path) -> None:
    """The directory states a small size; the part unpacks to more."""
    content = bytearray(repacked(workbook_bytes(), mimetype=bytes(100_000)))
    place = content.find(b"mimetype", content.find(b"PK\x01\x02")) - 46
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    path = tmp_path / "liar.xlsx"
    path.write_bytes(content)
    with pytest.raises(refusals.WorkbookBomb):
        sniff(path, Limits())


def test_every_refusal_has_its_own_code_and_a_message() -> None:
    kinds = refusals.FileRefused.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert refusals.refusal_for(kind.code) is kind
        assert kind().message.endswith(".")
