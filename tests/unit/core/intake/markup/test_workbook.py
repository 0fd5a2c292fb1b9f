"""A marked-up workbook: comments in place, all that need not change equal byte for byte."""

from __future__ import annotations

import pytest

from core.intake.markup.names import is_summary_sheet
from core.intake.markup.types import CellMark, Summary, SummaryLine
from core.intake.markup.workbook import mark_workbook
from core.kernel.issues import Severity
from tests.support import office

LINES = [SummaryLine(["Staff!C3", "to correct", "Unknown canton"], "Staff", 3, 3)]
SUMMARY = Summary("Prüfung", "What we found", [("Rows read", 8)], ["Where", "Severity", "Finding"], LINES)
NECESSARY = {
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/_rels/sheet1.xml.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
}


def mark(sheet="Staff", row=3, column=3, text="Unknown canton", severity=Severity.BLOCK):
    return CellMark(sheet, row, column, text, severity)


def run(source, *marks, summary=SUMMARY, name="marked.xlsx"):
    target = source.with_name(name)
    return target, mark_workbook(source, target, marks=marks, summary=summary, author="AK 26")


@pytest.fixture
def rich(tmp_path):
    return office.rich_workbook(tmp_path / "rich.xlsx")


@pytest.fixture
def commented(tmp_path):
    return office.commented_workbook(tmp_path / "commented.xlsx")


def test_every_part_that_need_not_change_is_equal_as_packed(rich):
    target, result = run(rich, mark(), mark(row=200, column=40))
    before, after = office.packed_entries(rich), office.packed_entries(target)
    assert set(result.changed_parts) == NECESSARY & set(before)
    assert {name for name in before if before[name] != after[name]} == set(result.changed_parts)
    assert set(after) - set(before) == set(result.added_parts)
    assert list(after)[: len(before)] == list(before)
    kept = " ".join(set(before) - set(result.changed_parts))
    for kind in ("chart1", "media/image1", "pivotTable1", "pivotCacheRecords1", "sharedStrings", "styles"):
        assert kind in kept


def test_the_changed_parts_only_grow(rich):
    target, result = run(rich, mark())
    for name in set(result.changed_parts):
        old, new = office.part(rich, name), office.part(target, name)
        pieces = iter(new)
        assert all(letter in pieces for letter in old), name
        assert len(new) - len(old) < 700


def test_values_are_the_same_for_both_readers(rich):
    target, result = run(rich, mark())
    old, new = office.cells(rich), office.cells(target)
    assert {name: new[name] for name in old} == old
    before, after = office.load(rich), office.load(target)
    assert after.sheetnames == [*before.sheetnames, result.summary_sheet]
    for name in before.sheetnames:
        assert [[c.value for c in row] for row in after[name]] == [[c.value for c in row] for row in before[name]]
    assert len(after["Staff"].data_validations.dataValidation) == 1


def test_comments_stand_at_their_cells_gravest_first(rich):
    later = mark(text="Differs from last year", severity=Severity.INFORM)
    target, result = run(rich, later, mark(), mark(row=7, column=1, text="Doppelt «é» & <x> 😀"))
    notes = office.notes(target, "Staff")
    assert notes == {
        "C3": "AK 26 · Relais:\nto correct: Unknown canton\nfor information: Differs from last year",
        "A7": "AK 26 · Relais:\nto correct: Doppelt «é» & <x> 😀",
    }
    assert result.marked_cells == 2
    assert "<x:Row>6</x:Row><x:Column>0</x:Column>" in office.part(target, "xl/drawings/vmlDrawing1.vml")


def test_the_summary_is_the_last_sheet_with_links(rich):
    target, result = run(rich, mark())
    sheet = office.load(target)[result.summary_sheet]
    assert result.summary_sheet == "Prüfung · Relais"
    assert is_summary_sheet(result.summary_sheet)
    assert [cell.value for cell in sheet["A"]] == ["What we found", "Rows read", None, "Where", "Staff!C3"]
    assert sheet["B2"].value == 8
    assert sheet["A5"].hyperlink.location == "'Staff'!C3"


def test_no_marks_adds_the_summary_alone(rich):
    target, result = run(rich)
    assert "xl/worksheets/sheet1.xml" not in result.changed_parts
    assert result.added_parts == ("xl/worksheets/sheet3.xml",)
    assert office.cells(target)["Staff"] == office.cells(rich)["Staff"]


def test_marks_without_a_cell_are_named(rich):
    lost = [mark(sheet="Elsewhere"), mark(row=0), mark(column=16_385), mark(row=1_048_577)]
    _, result = run(rich, *lost, mark(row=1_048_576, column=16_384))
    assert list(result.unplaced) == lost
    assert result.marked_cells == 1


def test_her_own_comments_stay_and_ours_follow(commented):
    target, result = run(commented, mark(row=3, column=2), mark(row=5, column=2))
    notes = office.notes(target, "Staff")
    assert notes["B3"] == "Ask Zoë & co <soon>\n\nAK 26 · Relais:\nto correct: Unknown canton"
    assert notes["D4"] == "Bonus included"
    assert notes["B5"].startswith("AK 26 · Relais:")
    assert result.added_parts == ("xl/worksheets/sheet3.xml",)
    assert "xl/worksheets/sheet1.xml" not in result.changed_parts


def test_a_second_run_replaces_the_first(commented):
    first, _ = run(commented, mark(row=3, column=2), mark(row=5, column=2), mark("Notes", 1, 1))
    second, result = run(first, mark(row=6, column=2), name="again.xlsx")
    notes = office.notes(second, "Staff")
    assert notes.keys() == {"B3", "D4", "B6"}
    assert notes["B3"] == "Ask Zoë & co <soon>"
    assert office.notes(second, "Notes") == {}
    assert result.cleared_cells == 2
    assert result.added_parts == ()
    assert office.cells(second).keys() == office.cells(first).keys()


def test_our_words_follow_hers_only_once(commented):
    first, _ = run(commented, mark(row=3, column=2, text="Old"))
    second, _ = run(first, mark(row=3, column=2, text="New"), name="again.xlsx")
    assert office.notes(second, "Staff")["B3"] == "Ask Zoë & co <soon>\n\nAK 26 · Relais:\nto correct: New"


def test_the_same_marks_again_give_the_same_file(rich):
    first, _ = run(rich, mark())
    second, _ = run(first, mark(), name="second.xlsx")
    third, _ = run(second, mark(), name="third.xlsx")
    assert second.read_bytes() == third.read_bytes()
    assert office.notes(first, "Staff") == office.notes(second, "Staff")


def test_a_sheet_called_like_ours_is_not_touched(tmp_path):
    path = office.commented_workbook(tmp_path / "own.xlsx")
    office.rewrite(
        path, {"xl/workbook.xml": office.part(path, "xl/workbook.xml").replace('"Notes"', '"prüfung · RELAIS"')}
    )
    target, result = run(path, mark())
    assert result.summary_sheet == "Prüfung · Relais 2"
    assert office.cells(target)["prüfung · RELAIS"] == [("free",)]


def test_a_renamed_summary_is_left_to_her(rich):
    first, _ = run(rich, mark())
    workbook = office.part(first, "xl/workbook.xml")
    office.rewrite(first, {"xl/workbook.xml": workbook.replace("Pr&#252;fung &#183; Relais", "Meins")})
    second, result = run(first, mark(), name="second.xlsx")
    assert result.summary_sheet == "Prüfung · Relais"
    assert office.load(second).sheetnames == ["Staff", "Pivot", "Meins", "Prüfung · Relais"]
    assert office.part(second, "xl/workbook.xml").count("_relais_summary") == 1
