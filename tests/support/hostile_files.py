"""Builds files that must never reach anybody, and honest ones that must: all made here, byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import openpyxl
import openpyxl.chart
import openpyxl.comments
import pikepdf
from pikepdf import Array, Dictionary, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MIB = 2**20
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/x" ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/>%s</Types>'
)
_WORKBOOK = b'<?xml version="1.0"?><workbook/>'


@dataclass(frozen=True)
class Sample:
    """A file, and the refusal code that it must get; an empty one for an honest file."""

    name: str
    filename: str
    data: bytes
    code: str = ""


def eicar() -> bytes:
    """Return the test string that every virus scanner knows, put together so that this file is not one."""
    parts = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS", "-TEST-FILE!$H+H*")
    return "".join(parts).encode()


def make_pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **options: object) -> bytes:
    """Return a one-page PDF after ``change`` was made to it."""
    file = pikepdf.new()
    file.add_blank_page()
    if change:
        change(file)
    target = io.BytesIO()
    file.save(target, **options)
    return target.getvalue()


def make_package(family: str = "spreadsheetml", extra: dict[str, bytes] | None = None, types: str = "") -> bytes:
    """Return an OOXML package with further parts."""
    target = io.BytesIO()
    main = {"spreadsheetml": ("spreadsheetml.sheet", "xl/workbook.xml")}.get(
        family, (f"{family}.document", "word/document.xml")
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES % (main[0], types))
        package.writestr(main[1], _WORKBOOK)
        for name, content in (extra or {}).items():
            package.writestr(name, content)
    return target.getvalue()


def make_png(width: int = 2, height: int = 2, tail: bytes = b"") -> bytes:
    """Return a PNG that claims a size; its pixels are not looked at."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((2 + 1) * 2))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"") + tail


def make_jpeg(width: int = 8, height: int = 8, comment: bytes = b"", tail: bytes = b"") -> bytes:
    """Return the frame of a JPEG."""

    def segment(marker: int, body: bytes) -> bytes:
        return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body

    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    said = segment(0xFE, comment) if comment else b""
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34\xff\x00\x56"
    return b"\xff\xd8" + said + segment(0xC0, frame) + scan + b"\xff\xd9" + tail


def make_tiff(width: int = 10, height: int = 10) -> bytes:
    """Return the first directory of a TIFF."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in ((256, width), (257, height)))
    return b"II*\x00" + struct.pack("<IH", 8, 2) + entries + bytes(4)


def _plain_zip(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _action(kind: str, **more: object) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        file.Root.OpenAction = file.make_indirect(Dictionary(S=Name(f"/{kind}"), **more))

    return change


def _attach(name: str, content: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        file.attachments[name] = content

    return change


def _javascript_in_names(file: pikepdf.Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    file.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["x", script])))


def _annotation_launch(file: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F="cmd.exe"))
    file.pages[0].Annots = Array([file.make_indirect(link)])


def _xfa(file: pikepdf.Pdf) -> None:
    file.Root.AcroForm = Dictionary(XFA="<xdp/>", Fields=Array([]))


def _escaped_names() -> bytes:
    return make_pdf(_action("JavaScript", JS="1")).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4AS")


def _quine_like() -> bytes:
    """Entries that overlap: more compressed bytes are promised than the file has."""
    data = bytearray(make_package(extra={"xl/a.bin": bytes(range(256)) * 40}))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 20, 2**27)
    return bytes(data)


def _wrong_crc() -> bytes:
    data = bytearray(make_package(extra={"xl/a.xml": b"<a/>" * 50}))
    data[data.rfind(b"PK\x01\x02") + 16] ^= 1
    return bytes(data)


def _encrypted_flag() -> bytes:
    data = bytearray(make_package())
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _rich_workbook() -> bytes:
    """Return a workbook with a comment, a chart and a picture, as other programs write them."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(5):
        sheet.append([row, f"=A{row + 1}*2"])
    sheet["A1"].comment = openpyxl.comments.Comment("look", "anna")
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(sheet, min_col=1, min_row=1, max_row=5))
    sheet.add_chart(chart, "D1")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def list_hostile() -> Iterator[Sample]:
    """Yield every hostile file."""
    yield from _hostile_pdf()
    yield from _hostile_packages()
    yield from _hostile_images()
    yield from _hostile_texts()
    yield from _other_types()


def _hostile_pdf() -> Iterator[Sample]:
    modes = {"plain": {}, "packed": {"object_stream_mode": pikepdf.ObjectStreamMode.generate}}
    for mode, options in modes.items():
        for kind in ("JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition"):
            yield Sample(f"pdf {kind} {mode}", "a.pdf", make_pdf(_action(kind), **options), "pdf_active")
        yield Sample(f"pdf names {mode}", "a.pdf", make_pdf(_javascript_in_names, **options), "pdf_active")
        yield Sample(f"pdf annotation {mode}", "a.pdf", make_pdf(_annotation_launch, **options), "pdf_active")
        yield Sample(f"pdf xfa {mode}", "a.pdf", make_pdf(_xfa, **options), "pdf_active")
        for name, content in (
            ("a.exe", b"MZ\x90"),
            ("a.zip", _plain_zip(a=b"1")),
            ("a.html", b"<html>"),
            ("a.bin", b"\0"),
        ):
            yield Sample(
                f"pdf with {name} {mode}", "a.pdf", make_pdf(_attach(name, content), **options), "pdf_attachment"
            )
    locked = pikepdf.Encryption(owner="o", user="u")
    yield Sample("pdf locked", "a.pdf", make_pdf(encryption=locked), "encrypted")
    scripted = make_pdf(_action("JavaScript", JS="1"), encryption=pikepdf.Encryption(owner="o", user=""))
    yield Sample("pdf script under an empty password", "a.pdf", scripted, "pdf_active")
    yield Sample("pdf escaped names", "a.pdf", _escaped_names(), "pdf_active")
    yield Sample("pdf and zip", "a.pdf", make_pdf() + _plain_zip(a=b"1"), "two_in_one")
    yield Sample("pdf and html", "a.pdf", make_pdf() + b"<html><script>alert(1)</script></html>", "two_in_one")
    yield Sample("pdf cut", "a.pdf", make_pdf()[:-40], "damaged")
    yield Sample("pdf empty", "a.pdf", b"%PDF-1.7\n%%EOF\n", "damaged")
    yield Sample("pdf behind junk", "a.pdf", b"GIF89a\x00" + make_pdf(), "type_not_accepted")
    yield Sample("pdf named exe", "a.exe", make_pdf(), "name_mismatch")
    yield Sample("pdf named xlsx", "a.xlsx", make_pdf(), "name_mismatch")


def _hostile_packages() -> Iterator[Sample]:
    for name in ("xl/vbaProject.bin", "word/vbaData.xml", "xl/macrosheets/sheet1.xml"):
        yield Sample(f"macros {name}", "a.xlsx", make_package(extra={name: b"x"}), "macros")
    macro_type = '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'
    yield Sample("macro type", "a.xlsx", make_package(types=macro_type), "macros")
    for name in ("xl/embeddings/oleObject1.bin", "word/activeX/activeX1.bin", "xl/embeddings/a.exe"):
        yield Sample(f"embedded {name}", "a.xlsx", make_package(extra={name: b"x"}), "embedded_object")
    inner = make_package(extra={"xl/vbaProject.bin": b"x"})
    yield Sample(
        "macros within", "a.docx", make_package("wordprocessingml", {"word/embeddings/b.xlsx": inner}), "macros"
    )
    yield Sample("program as picture", "a.xlsx", make_package(extra={"xl/media/a.png": b"MZ\x90\0"}), "embedded_object")
    yield Sample(
        "zip as picture", "a.xlsx", make_package(extra={"xl/media/a.png": _plain_zip(a=b"")}), "embedded_object"
    )
    yield Sample("page as part", "a.xlsx", make_package(extra={"xl/a.txt": b"<html><script>"}), "active_content")
    dde = b'<?xml version="1.0"?><externalLink><ddeLink ddeService="cmd"/></externalLink>'
    yield Sample("dde", "a.xlsx", make_package(extra={"xl/externalLinks/externalLink1.xml": dde}), "embedded_object")
    word_dde = b'<?xml version="1.0"?><w:document><w:instrText>DDEAUTO c:\\cmd</w:instrText></w:document>'
    yield Sample("word dde", "a.docx", make_package("wordprocessingml", {"word/d.xml": word_dde}), "embedded_object")
    outside = b'<Relationships><Relationship Id="r" TargetMode="External" Type="http://x/attachedTemplate" Target="http://y"/></Relationships>'
    yield Sample(
        "template outside",
        "a.docx",
        make_package("wordprocessingml", {"word/_rels/s.xml.rels": outside}),
        "embedded_object",
    )
    for encoding in ("utf-8", "utf-16-le"):
        doctype = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode(encoding)
        late = " ".encode(encoding) * MIB + doctype
        yield Sample(f"doctype {encoding}", "a.xlsx", make_package(extra={"xl/s.xml": late}), "dtd")
    yield Sample("zip bomb", "a.xlsx", make_package(extra={"xl/s.xml": bytes(64 * MIB)}), "too_much_inside")
    yield Sample(
        "many entries", "a.xlsx", make_package(extra={f"xl/{i}": b"" for i in range(10_001)}), "too_much_inside"
    )
    yield Sample("overlapping", "a.xlsx", _quine_like(), "too_much_inside")
    yield Sample("wrong crc", "a.xlsx", _wrong_crc(), "damaged")
    yield Sample("locked entry", "a.xlsx", _encrypted_flag(), "encrypted")
    for name in ("../../etc/x", "/etc/x", "xl/../../x", "C:/x", "xl\\..\\x"):
        yield Sample(f"leaving {name}", "a.xlsx", make_package(extra={name: b""}), "damaged")
    yield Sample("same name twice", "a.xlsx", make_package(extra={"XL/WORKBOOK.XML": b"<a/>"}), "damaged")
    yield Sample("tail", "a.xlsx", make_package() + b"%PDF-1.7", "two_in_one")
    yield Sample("cut package", "a.xlsx", make_package()[:-30], "damaged")
    yield Sample("text document named xlsx", "a.xlsx", make_package("wordprocessingml"), "name_mismatch")
    yield Sample("zip named xlsx", "a.xlsx", _plain_zip(a=b"1"), "name_mismatch")
    yield Sample("zip", "a.zip", _plain_zip(a=b"1"), "type_not_accepted")


def _hostile_images() -> Iterator[Sample]:
    yield Sample("png bomb", "a.png", make_png(50_000, 50_000), "image_too_large")
    yield Sample("png long", "a.png", make_png(40_000, 10), "image_too_large")
    yield Sample("png without size", "a.png", make_png(0, 10), "damaged")
    yield Sample("png cut", "a.png", make_png()[:-8], "damaged")
    yield Sample("png tail", "a.png", make_png(tail=b"hello"), "two_in_one")
    yield Sample("png and zip", "a.png", make_png(tail=_plain_zip(a=b"1")), "two_in_one")
    yield Sample("png and page", "a.png", make_png(tail=b"<script>alert(1)</script>"), "two_in_one")
    yield Sample("png header only", "a.png", b"\x89PNG\r\n\x1a\n", "damaged")
    yield Sample("jpeg bomb", "a.jpg", make_jpeg(50_000, 50_000), "image_too_large")
    yield Sample("jpeg and zip", "a.jpg", make_jpeg(tail=_plain_zip(a=b"1")), "two_in_one")
    yield Sample("jpeg and pdf", "a.jpg", make_jpeg(comment=b"%PDF-1.4"), "two_in_one")
    yield Sample("jpeg with pdf behind", "a.jpg", make_jpeg(tail=b"%PDF-1.7"), "two_in_one")
    yield Sample("jpeg with php", "a.jpg", make_jpeg(comment=b"<?php system(1);"), "two_in_one")
    yield Sample("jpeg cut", "a.jpg", make_jpeg()[:-2], "damaged")
    yield Sample("jpeg header only", "a.jpg", b"\xff\xd8\xff\xe0", "damaged")
    yield Sample("tiff bomb", "a.tif", make_tiff(50_000, 50_000), "image_too_large")
    yield Sample("tiff cut", "a.tif", make_tiff()[:12], "damaged")
    yield Sample("png named jpg", "a.jpg", make_png(), "name_mismatch")


def _hostile_texts() -> Iterator[Sample]:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "%s">]><a>&b;</a>' % ("x" * 100)
    for encoding in ("utf-8", "utf-16"):
        yield Sample(f"entity {encoding}", "a.xml", bomb.encode(encoding), "dtd")
    yield Sample("xxe", "a.xml", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "dtd")
    yield Sample("xhtml", "a.xml", b'<a xmlns:h="http://www.w3.org/1999/xhtml"><h:script/></a>', "active_content")
    yield Sample("stylesheet", "a.xml", b'<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>', "active_content")
    for cell in (
        "=1+1",
        "=cmd|' /C calc'!A0",
        '"=HYPERLINK(""http://x"")"',
        "+cmd|' /C calc'!A0",
        "@SUM(1)",
        "-cmd|x!A",
    ):
        yield Sample(f"formula {cell}", "a.csv", f"name;value\r\nanna;{cell}\r\n".encode(), "formula")
    yield Sample("formula utf-16", "a.csv", "a;b\n=1+1;2".encode("utf-16"), "formula")
    yield Sample("script in text", "a.txt", b"hello " * 1000 + b"<script>alert(1)</script>", "active_content")
    yield Sample("script in csv", "a.csv", b"a;b\n" * 2000 + b"<iframe src=x>;1", "active_content")
    yield Sample("zero byte", "a.txt", b"a" * 5000 + b"\x00", "damaged")


def _other_types() -> Iterator[Sample]:
    active = {
        "html": b"<!DOCTYPE html><html>", "htm": b"<body onload=x>", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "xml": b"<?xml version='1.0'?><!-- x --><svg/>", "txt": b"\xef\xbb\xbf <html><script>",
        "pdf": b"<html>", "xhtml": b"<?xml version='1.0'?><html/>",
    }  # fmt: skip
    for ending, data in active.items():
        yield Sample(f"active {ending}", f"a.{ending}", data, "active_content")
    programs = {
        "windows": b"MZ\x90\x00", "linux": b"\x7fELF\x02", "script": b"#!/bin/sh\n", "java": b"\xca\xfe\xba\xbe",
        "mac": b"\xcf\xfa\xed\xfe", "link": b"L\x00\x00\x00\x01\x14\x02\x00",
    }  # fmt: skip
    for name, data in programs.items():
        for ending in ("exe", "pdf", "txt", "jpg"):
            yield Sample(f"{name} as {ending}", f"a.{ending}", data + bytes(100), "executable")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield Sample("old workbook", "a.xls", ole, "old_office")
    yield Sample("locked workbook", "a.xlsx", ole + "EncryptedPackage".encode("utf-16-le"), "encrypted")
    unknown = {
        "7z": b"7z\xbc\xaf\x27\x1c\x00\x04",
        "rar": b"Rar!\x1a\x07\x00",
        "gz": b"\x1f\x8b\x08\x00",
        "bin": bytes(50),
        "gif": b"GIF89a\x01\x00\x00",
    }
    for ending, data in unknown.items():
        yield Sample(f"unknown {ending}", f"a.{ending}", data, "type_not_accepted")
    yield Sample("text as program", "a.bat", b"echo hello", "name_mismatch")
    yield Sample("double ending", "a.pdf.js", b"var a = 1", "name_mismatch")


def list_honest() -> Iterator[Sample]:
    """Yield files that must pass."""
    yield Sample("pdf", "a.pdf", make_pdf())
    yield Sample("pdf packed", "A.PDF", make_pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate))
    yield Sample("pdf with plain attachment", "a.pdf", make_pdf(_attach("r.json", b'{"a":1}')))
    yield Sample("pdf with a link", "a.pdf", make_pdf(_action("URI", URI="https://example.ch")))
    yield Sample("pdf print only", "a.pdf", make_pdf(encryption=pikepdf.Encryption(owner="o", user="")))
    yield Sample("pdf padded", "a.pdf", make_pdf() + b"\r\n\x00\x00")
    yield Sample("workbook", "a.xlsx", make_package(extra={"xl/printerSettings/p.bin": bytes(900)}))
    yield Sample(
        "text document", "a.docx", make_package("wordprocessingml", {"word/embeddings/b.xlsx": make_package()})
    )
    yield Sample("png", "a.png", make_png())
    yield Sample("jpeg", "a.jpeg", make_jpeg(comment=b"from a telephone", tail=b"preview"))
    yield Sample("tiff", "a.tiff", make_tiff())
    yield Sample(
        "xml", "a.xml", b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- x -->\n<e:A xmlns:e="urn:x"><Body/></e:A>'
    )
    yield Sample(
        "xml in old encoding", "a.xml", '<?xml version="1.0" encoding="ISO-8859-1"?><a>Zürich</a>'.encode("latin-1")
    )
    yield Sample("csv", "a.csv", "\ufeffNom;Montant;Téléphone\r\nMüller;-120.50;+41 21 000\r\nx;- ;a=b\r\n".encode())
    yield Sample("csv in old encoding", "a.csv", "Nom;Ort\nMüller;Zürich\n".encode("cp1252"))
    yield Sample("csv with kept zeros", "a.csv", b'Nr;AVS\r\n="012";="756.1"\r\n"=""013""";2\r\n')
    yield Sample("workbook of another program", "a.xlsx", _rich_workbook())
    yield Sample("text", "a.txt", b"Hello, 1 < 2 and a@b.ch")
    yield Sample("json", "a.json", b'{"a": [1, 2]}')
