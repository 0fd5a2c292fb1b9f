"""What a file is, by its first bytes; what the browser claims is never believed."""

from __future__ import annotations

import re

HEAD_BYTES = 4096
UNKNOWN = "application/octet-stream"
PDF = "application/pdf"
XML = "application/xml"
TEXT = "text/plain"
CSV = "text/csv"
JSON = "application/json"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
SVG = "image/svg+xml"
EXECUTABLE = "application/x-executable"
OLD_OFFICE = "application/x-ole-storage"

# Endings a file of each type may have; the first one is given to a file that has none.
ENDINGS = {
    PDF: ("pdf",),
    PNG: ("png",),
    JPEG: ("jpg", "jpeg"),
    TIFF: ("tif", "tiff"),
    XLSX: ("xlsx",),
    DOCX: ("docx",),
    XML: ("xml",),
    CSV: ("csv",),
    TEXT: ("txt", "csv", "json"),
    JSON: ("json",),
}
_MAGIC = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (b"MZ", EXECUTABLE),
    (b"\x7fELF", EXECUTABLE),
    (b"#!", EXECUTABLE),
    (b"\xca\xfe\xba\xbe", EXECUTABLE),
    (b"\xcf\xfa\xed\xfe", EXECUTABLE),
    (b"\xce\xfa\xed\xfe", EXECUTABLE),
    (b"L\x00\x00\x00\x01\x14\x02\x00", EXECUTABLE),
)
_MARKUP_IN_TEXT = re.compile(r"(?i)<\s*(!doctype\s+html|html|head|body|script|iframe|object|svg)[\s>/]")
_PROLOGUE = re.compile(r"\s*(<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(\[.*?\]\s*)?>)", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"\s*<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]")
_ROOTS = {"svg": SVG} | dict.fromkeys(("html", "head", "body", "script", "iframe", "object"), HTML)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


def sniff(head: bytes, filename: str) -> str:
    """Return the media type of a file that begins with ``head`` (its first 4096 bytes).

    The ending decides only between types whose beginnings are alike: OOXML packages, and texts.
    """
    ending = filename.rpartition(".")[2].lower()
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return _package(ending) if media_type == ZIP else media_type
    return _sniff_text(head, ending)


def _package(ending: str) -> str:
    return {"xlsx": XLSX, "docx": DOCX}.get(ending, ZIP)


def _sniff_text(head: bytes, ending: str) -> str:
    text = _as_text(head)
    if text is None:
        return UNKNOWN
    if markup := _sniff_markup(text):
        return markup
    return {"csv": CSV, "json": JSON}.get(ending, TEXT)


def _sniff_markup(text: str) -> str:
    at = 0
    while prologue := _PROLOGUE.match(text, at):
        at = prologue.end()
    if root := _ROOT.match(text, at):
        return _ROOTS.get(root[1].lower(), XML)
    if _MARKUP_IN_TEXT.search(text):
        return HTML
    return XML if at and text.lstrip().startswith("<?xml") else ""


def _as_text(head: bytes) -> str | None:
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "utf-8")
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError as error:
        # A character may be cut at the end of the head; otherwise it is an old one-byte encoding.
        cut = error.start >= len(head) - 4 and encoding != "utf-16"
        text = head[: error.start].decode(encoding) if cut else head.decode("cp1252", "replace")
    text = text.removeprefix("\ufeff")
    return None if _CONTROLS.search(text) else text


def with_ending(filename: str, media_type: str) -> str:
    """Return the name, completed with the type's ending where it has none at all."""
    if "." in filename or media_type not in ENDINGS:
        return filename
    return f"{filename}.{ENDINGS[media_type][0]}"
