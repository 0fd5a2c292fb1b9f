"""Workbooks as other programs write them: strict, prefixed, streamed, with absolute targets, with old drawings."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.positions import Part
from core.intake.markup.types import CellMark, Summary
from core.intake.markup.workbook import mark_workbook
from core.kernel.issues import Severity
from tests.support import office

SHEET = "xl/worksheets/sheet1.xml"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MARK = CellMark("Staff", 3, 3, "Unknown canton", Severity.BLOCK)
OURS = "AK 26 · Relais:\nto correct: Unknown canton"
AFTER = '<legacyDrawingHF r:id="rId90"/>', "<tableParts/>", '<extLst><ext uri="x"/></extLst>', "<oleObjects/>"
CONTROLS = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'
)


def run(source, *marks):
    target = source.with_name("marked.xlsx")
    summary = Summary("Check", "Result")
    return target, mark_workbook(source, target, marks=marks or [MARK], summary=summary, author="AK 26")


@pytest.fixture
def plain(tmp_path):
    return office.rich_workbook(tmp_path / "plain.xlsx")


def edit(path, name, old, new):
    text = office.part(path, name)
    assert old in text
    return office.rewrite(path, {name: text.replace(old, new, 1)})


@pytest.mark.parametrize("element", [*AFTER, CONTROLS])
def test_the_drawing_stands_where_the_standard_wants_it(plain, element):
    xml = office.part(plain, SHEET)
    head, tail = xml[: xml.rindex("<extLst")], "</worksheet>"
    office.rewrite(plain, {SHEET: head + element + tail})
    target, _ = run(plain)
    children = [child.name for child in Part(office.part(target, SHEET).encode()).root.children]
    assert children[-3:-1] == ["drawing", "legacyDrawing"]


def test_a_prefixed_sheet_gets_a_prefixed_drawing(plain):
    for name in (SHEET, "xl/workbook.xml"):
        office.rewrite(plain, {name: office.prefix_namespace(office.part(plain, name))})
    target, _ = run(plain)
    assert "<x:legacyDrawing r:id=" in office.part(target, SHEET)
    assert '<x:sheet name="Check' in office.part(target, "xl/workbook.xml")
    assert office.notes(target, "Staff") == {"C3": OURS}


def test_a_sheet_that_never_names_relationships_gets_them(tmp_path):
    path = office.commented_workbook(tmp_path / "a.xlsx")
    target, _ = run(path, CellMark("Notes", 1, 1, "Unknown canton", Severity.BLOCK))
    assert f'<legacyDrawing xmlns:r="{office.RELATIONSHIPS}" r:id="rId2"/>' in office.part(
        target, "xl/worksheets/sheet2.xml"
    )
    assert office.notes(target, "Notes") == {"A1": OURS}


def test_a_strict_workbook_stays_strict(plain):
    for name in (SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"):
        text = office.part(plain, name)
        strict = text.replace(office.MAIN, STRICT_MAIN).replace(office.RELATIONSHIPS, STRICT_RELATIONSHIPS)
        office.rewrite(plain, {name: strict})
    target, result = run(plain)
    assert f'Type="{STRICT_RELATIONSHIPS}/comments"' in office.part(target, "xl/worksheets/_rels/sheet1.xml.rels")
    assert f'xmlns="{STRICT_MAIN}"' in office.part(target, "xl/comments1.xml")
    assert office.RELATIONSHIPS not in office.part(target, "xl/workbook.xml")
    assert result.marked_cells == 1


def test_absolute_targets_and_another_case_are_followed(plain):
    links = office.part(plain, "xl/_rels/workbook.xml.rels")
    office.rewrite(plain, {"xl/_rels/workbook.xml.rels": links.replace('"worksheets/sheet1', '"/XL/Worksheets/Sheet1')})
    target, result = run(plain)
    assert SHEET in result.changed_parts
    assert OURS.encode("ascii", "xmlcharrefreplace").split(b":")[0] in office.part(target, "XL/comments1.xml").encode()


def test_a_sheet_without_rows_can_be_marked(tmp_path):
    path = office.commented_workbook(tmp_path / "a.xlsx")
    sheet = office.part(path, "xl/worksheets/sheet2.xml")
    start, end = sheet.index("<sheetData>"), sheet.index("</sheetData>") + len("</sheetData>")
    office.rewrite(path, {"xl/worksheets/sheet2.xml": sheet[:start] + "<sheetData/>" + sheet[end:]})
    target, _ = run(path, CellMark("Notes", 1, 1, "Unknown canton", Severity.BLOCK))
    assert office.notes(target, "Notes") == {"A1": OURS}


def test_a_drawing_of_buttons_keeps_its_old_markup(tmp_path):
    path = office.commented_workbook(tmp_path / "a.xlsx")
    name = next(n for n in office.packed_entries(path) if n.endswith(".vml"))
    button = (
        '<v:shape id="_x0000_s5000" type="#_x0000_t201"><v:textbox><font>Go<br></font></v:textbox>'
        '<x:ClientData ObjectType="Button"/></v:shape></xml>'
    )
    office.rewrite(path, {name: office.part(path, name).replace("</xml>", button)})
    target, _ = run(path)
    drawing = office.part(target, name)
    assert button[:-6] in drawing
    assert '_x0000_s5001"' in drawing


def test_threads_hide_notes_so_the_mark_is_named(tmp_path):
    path = office.commented_workbook(tmp_path / "a.xlsx")
    name = next(n for n in office.packed_entries(path) if "comment" in n and n.endswith(".xml"))
    edit(path, name, "Anna", "tc={0A1B}")
    mark = CellMark("Staff", 3, 2, "Check this", Severity.INFORM)
    target, result = run(path, mark)
    assert result.unplaced == (mark,)
    assert office.notes(target, "Staff")["B3"] == "Ask Zoë & co <soon>"


def test_streamed_and_stored_entries_are_copied_whole(plain):
    buffer = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(Unseekable(buffer), "w") as new:
        new.comment = b"made by a stream"
        for number, info in enumerate(old.infolist()):
            fresh = zipfile.ZipInfo(info.filename)
            fresh.compress_type = zipfile.ZIP_DEFLATED if number % 2 else zipfile.ZIP_STORED
            with new.open(fresh, "w", force_zip64=number % 3 == 0) as entry:
                entry.write(old.read(info))
    plain.write_bytes(buffer.getvalue())
    target, result = run(plain)
    before, after = office.packed_entries(plain), office.packed_entries(target)
    assert [n for n in before if before[n] != after[n]] == list(result.changed_parts)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert archive.comment == b"made by a stream"


def test_a_directory_with_wide_figures_is_followed_and_kept(plain):
    target, result = run(office.widen(plain))
    before, after = office.packed_entries(plain), office.packed_entries(target)
    assert [n for n in before if before[n] != after[n]] == list(result.changed_parts)
    assert office.notes(target, "Staff") == {"C3": OURS}
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None


class Unseekable:
    """A stream to which one can only append."""

    def __init__(self, target):
        self._target = target

    def write(self, data):
        return self._target.write(data)

    def flush(self):
        self._target.flush()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (SHEET, '<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16")),
        (SHEET, f'<worksheet xmlns="{office.MAIN}"><sheetData><row r="1">'),
        (SHEET, f'<worksheet xmlns="{office.MAIN}"><sheetData><![CDATA[</sheetData>]]></sheetData></worksheet>'),
        (SHEET, "<worksheet><sheetData/></worksheet>"),
        ("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'),
        ("[Content_Types].xml", '<!DOCTYPE Types [<!ENTITY b "c">]><Types/>'),
        ("xl/workbook.xml", "<a>" * 500 + "</a>" * 500),
        ("xl/workbook.xml", None),
        ("[Content_Types].xml", "nonsense"),
    ],
)
def test_what_cannot_be_patched_is_refused_and_leaves_nothing(plain, name, content):
    office.rewrite(plain, {name: content})
    with pytest.raises(UnmarkableWorkbook):
        run(plain)
    assert not plain.with_name("marked.xlsx").exists()


@pytest.mark.parametrize(
    "content", [b"", b"AHVNr;Name\n1;2\n", b"\xd0\xcf\x11\xe0" * 500, b"PK\x05\x06" + b"\xff" * 18]
)
def test_files_of_another_kind_are_refused(tmp_path, content):
    path = tmp_path / "other.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnmarkableWorkbook):
        run(path)
