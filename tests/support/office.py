"""Workbooks as people have them: with a chart, an image, a pivot table, notes, odd namespaces."""

from __future__ import annotations

import base64
import re
import struct
import warnings
import zipfile
from itertools import pairwise
from pathlib import Path

import fastexcel
import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from rustpy_xlsxwriter import FastExcel, Format

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HEADERS = ("AHVNr", "Name", "Kt.", "AHV-Lohn")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PIVOT = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<pivotTableDefinition xmlns="{MAIN}" name="Pivot1" cacheId="1" dataCaption="Values" dataOnRows="0">
<location ref="H3:I5" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>
<pivotFields count="4"><pivotField showAll="0"/><pivotField showAll="0"/>
<pivotField axis="axisRow" showAll="0"><items count="2"><item x="0"/><item t="default"/></items></pivotField>
<pivotField dataField="1" showAll="0"/></pivotFields>
<rowFields count="1"><field x="2"/></rowFields><rowItems count="2"><i><x/></i><i t="grand"><x/></i></rowItems>
<colItems count="1"><i/></colItems>
<dataFields count="1"><dataField name="Sum" fld="3" baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>"""
_CACHE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{RELATIONSHIPS}" r:id="rId1" refreshOnLoad="1" recordCount="1">
<cacheSource type="worksheet"><worksheetSource ref="A1:D9" sheet="Staff"/></cacheSource>
<cacheFields count="4"><cacheField name="AHVNr" numFmtId="0"><sharedItems/></cacheField>
<cacheField name="Name" numFmtId="0"><sharedItems/></cacheField>
<cacheField name="Kt." numFmtId="0"><sharedItems count="1"><s v="ZH"/></sharedItems></cacheField>
<cacheField name="AHV-Lohn" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" minValue="1" maxValue="9"/>
</cacheField></cacheFields></pivotCacheDefinition>"""
_RECORDS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<pivotCacheRecords xmlns="{MAIN}" count="1"><r><s v="756"/><s v="A"/><x v="0"/><n v="5"/></r></pivotCacheRecords>"""


def staff(rows: int) -> list[dict[str, object]]:
    """Return rows of a salary list."""
    return [
        {"AHVNr": f"756{i:010d}", "Name": f"Müller {i}, Zoë", "Kt.": "ZH", "AHV-Lohn": 1000.5 + i} for i in range(rows)
    ]


def rewrite(path: Path, changes: dict[str, str | bytes | None]) -> Path:
    """Replace, add or (with None) drop entries of a package."""
    with zipfile.ZipFile(path) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in entries:
            new = changes.pop(info.filename, data)
            if new is not None:
                archive.writestr(info, new)
        for name, added in changes.items():
            archive.writestr(name, added or b"")
    return path


def part(path: Path, name: str) -> str:
    """Return one part of a package as text."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def rich_workbook(path: Path, rows: int = 8) -> Path:
    """Make a workbook with a chart, an image, validation, conditional format, name and pivot table."""
    data = staff(rows)
    book = FastExcel(str(path))
    book.sheet(
        "Staff",
        data,
        dedupe_strings=True,
        column_widths=[18, 30, 6, 12],
        column_formats={"AHVNr": Format().set_num_format("@")},
        data_validations={"Kt.": {"type": "list", "values": ["ZH", "BE", "VD"]}},
        conditional_formats={"AHV-Lohn": {"type": "data_bar"}},
        charts=[{"type": "column", "series": ["AHV-Lohn"], "categories": "Name", "row": 12, "col": 5}],
        images=[{"data": PIXEL, "row": 0, "col": 8}],
        autofilter=True,
        url_columns=["Name"],
        totals_row={"AHV-Lohn": "sum"},
        page_setup={"header": "&CStaff"},
    )
    book.sheet("Pivot", data[:1])
    book.save()
    return _with_pivot(path)


def _with_pivot(path: Path) -> Path:
    workbook = part(path, "xl/workbook.xml")
    links = part(path, "xl/_rels/workbook.xml.rels")
    types = part(path, "[Content_Types].xml")
    pointer = f'<Relationship Id="rId77" Type="{RELATIONSHIPS}/pivotCacheDefinition" Target="pivotCache/pivotCacheDefinition1.xml"/>'
    parts = {
        "pivotTables/pivotTable1": "pivotTable",
        "pivotCache/pivotCacheDefinition1": "pivotCacheDefinition",
        "pivotCache/pivotCacheRecords1": "pivotCacheRecords",
    }
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_OFFICE}.{kind}+xml"/>' for name, kind in parts.items()
    )
    caches = '<pivotCaches><pivotCache cacheId="1" r:id="rId77"/></pivotCaches></workbook>'
    return rewrite(
        path,
        {
            "xl/workbook.xml": workbook.replace("</workbook>", caches),
            "xl/_rels/workbook.xml.rels": links.replace("</Relationships>", f"{pointer}</Relationships>"),
            "[Content_Types].xml": types.replace("</Types>", f"{overrides}</Types>"),
            "xl/pivotTables/pivotTable1.xml": _PIVOT,
            "xl/pivotCache/pivotCacheDefinition1.xml": _CACHE,
            "xl/pivotCache/pivotCacheRecords1.xml": _RECORDS,
            "xl/worksheets/_rels/sheet2.xml.rels": _link("pivotTable", "../pivotTables/pivotTable1.xml"),
            "xl/pivotTables/_rels/pivotTable1.xml.rels": _link(
                "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml"
            ),
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": _link("pivotCacheRecords", "pivotCacheRecords1.xml"),
        },
    )


def _link(kind: str, target: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}"><Relationship Id="rId1" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/></Relationships>'


def commented_workbook(path: Path) -> Path:
    """Make a workbook with two comments of the person's own and a defined name."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Staff"
    for row in (HEADERS, *(tuple(entry.values()) for entry in staff(8))):
        sheet.append(row)
    sheet["B3"].comment = Comment("Ask Zoë & co <soon>", "Anna")
    sheet["D4"].comment = Comment("Bonus included", "Anna")
    book.defined_names["Wages"] = DefinedName("Wages", attr_text="Staff!$D$2:$D$9")
    book.create_sheet("Notes").append(["free"])
    book.save(path)
    return path


def prefix_namespace(xml: str, prefix: str = "x") -> str:
    """Give every element of the default namespace a prefix, as some programs write it."""
    named = re.sub(r"<(/?)([A-Za-z][\w.]*)(?=[\s/>])", rf"<\1{prefix}:\2", xml)
    return named.replace(f'xmlns="{MAIN}"', f'xmlns:{prefix}="{MAIN}"', 1)


def packed_entries(path: Path) -> dict[str, bytes]:
    """Return each entry's raw local record: header, name, extra field and packed bytes."""
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        starts = [*sorted(info.header_offset for info in archive.infolist()), archive.start_dir]
        following = dict(pairwise(starts))
        return {i.filename: raw[i.header_offset : following[i.header_offset]] for i in archive.infolist()}


def widen(path: Path) -> Path:
    """Write a package's directory with 64-bit figures throughout, as some programs do for any size."""
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        infos, start = archive.infolist(), archive.start_dir
    directory, position = b"", start
    for info in infos:
        name, extra = (int.from_bytes(raw[position + at : position + at + 2], "little") for at in (28, 30))
        record, position = bytearray(raw[position : position + 46 + name]), position + 46 + name + extra
        wide = struct.pack("<2H3Q", 1, 24, info.file_size, info.compress_size, info.header_offset)
        record[20:28], record[42:46], record[30:32] = b"\xff" * 8, b"\xff" * 4, struct.pack("<H", len(wide) + 4)
        directory += bytes(record) + struct.pack("<2H", 0x7075, 0) + wide
    end = start + len(directory)
    tail = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, len(infos), len(infos), len(directory), start)
    tail += struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    tail += b"PK\x05\x06" + b"\0" * 4 + b"\xff" * 12 + b"\0\0"
    path.write_bytes(raw[:start] + directory + tail)
    return path


def cells(path: Path) -> dict[str, list[list[object]]]:
    """Return all values as the reading library of the platform sees them."""
    book = fastexcel.read_excel(path)
    return {
        name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars().rows()
        for name in book.sheet_names
    }


def load(path: Path) -> openpyxl.Workbook:
    """Open a workbook by the second library, which warns of extensions that it does not know."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        return openpyxl.load_workbook(path)


def notes(path: Path, sheet: str) -> dict[str, str]:
    """Return the comments of a sheet by address."""
    found = load(path)[sheet]
    return {cell.coordinate: cell.comment.text for row in found.iter_rows() for cell in row if cell.comment}
