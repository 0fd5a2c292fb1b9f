"""The judgement of one file: what type it really is, whether it is only that, and what is inside."""

from __future__ import annotations

import io
import re
import zipfile

from core.documents import sniffing
from core.documents.names import extension_of
from integrations.structure_scanner import images, packages, pdf, texts
from integrations.structure_scanner.findings import CLEAN, Finding, Refused

_HEAD = 1024
_NOT_ACCEPTED = {
    sniffing.EXECUTABLE: "executable",
    sniffing.HTML: "active_content",
    sniffing.SVG: "active_content",
}
_CHECKS = {
    sniffing.PDF: pdf.check,
    sniffing.PNG: images.check_png,
    sniffing.JPEG: images.check_jpeg,
    sniffing.TIFF: images.check_tiff,
    sniffing.XLSX: packages.check_xlsx,
    sniffing.DOCX: packages.check_docx,
    sniffing.XML: texts.check_xml,
    sniffing.CSV: texts.check_csv,
    sniffing.TEXT: texts.check_text,
    sniffing.JSON: texts.check_text,
}
_PACKAGES = frozenset({sniffing.XLSX, sniffing.DOCX})
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_SCRIPT = re.compile(rb"(?i)<script[\s>]|<\?php|<html[\s>]")
_BINARY = frozenset({sniffing.PNG, sniffing.JPEG, sniffing.TIFF})


def judge(data: bytes, *, filename: str, media_type: str) -> Finding:
    """Return the refusal code (or an empty text) and a detail for the log."""
    try:
        _check_type(data, filename, media_type)
        _check_single(data, media_type)
        _CHECKS[media_type](data)
    except Refused as refusal:
        return refusal.finding
    return CLEAN


def _check_type(data: bytes, filename: str, media_type: str) -> None:
    found = sniffing.sniff(data[: sniffing.HEAD_BYTES], filename)
    if found == sniffing.OLD_OFFICE:
        raise Refused("encrypted" if _ENCRYPTED_PACKAGE in data else "old_office")
    if found not in _CHECKS:
        raise Refused(_NOT_ACCEPTED.get(found, "type_not_accepted"), found)
    if found != media_type:
        raise Refused("name_mismatch", f"{found}, stored as {media_type}")
    if extension_of(filename) not in sniffing.ENDINGS[found]:
        raise Refused("name_mismatch", found)


def _check_single(data: bytes, media_type: str) -> None:
    """Refuse what another program would take for another type."""
    if media_type != sniffing.PDF and b"%PDF-" in data[:_HEAD]:
        raise Refused("two_in_one", "pdf")
    if media_type not in _PACKAGES and zipfile.is_zipfile(io.BytesIO(data)):
        raise Refused("two_in_one", "zip")
    if media_type in _BINARY and _SCRIPT.search(data):
        raise Refused("two_in_one", "markup")
