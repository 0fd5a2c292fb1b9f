"""Small parts of the marked-up workbook: names, notes, text in XML, the summary's bounds."""

from __future__ import annotations

import pytest

from core.intake.markup import edits
from core.intake.markup.names import is_own_author, is_summary_sheet, own_author, summary_sheet_name
from core.intake.markup.namespaces import TRANSITIONAL
from core.intake.markup.notes import compose, own_start
from core.intake.markup.positions import Part
from core.intake.markup.summary_sheet import summary_sheet
from core.intake.markup.types import CellMark, Summary, SummaryLine
from core.kernel.issues import Severity


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a<b>&c", b"a&lt;b&gt;&amp;c"),
        ("é😀", b"&#233;&#128512;"),
        ("_x0041_ _x41_", b"_x005F_x0041_ _x41_"),
        ("a\x00b\ud800", b"a&#65533;b&#65533;"),
        ("two\r\nlines\rend", b"two\nlines&#13;end"),
    ],
)
def test_text_is_written_so_that_it_reads_back(text, written):
    assert edits.text(text) == written


@pytest.mark.parametrize("name", ["Prüfung · Relais", "Check · Relais 2", " Contrôle · Relais "])
def test_our_sheets_are_recognised(name):
    assert is_summary_sheet(name)


@pytest.mark.parametrize("name", ["Relais", " · Relais", "Prüfung", "Check · Relais 2026 Q1", "Check - Relais"])
def test_her_sheets_are_not_taken_for_ours(name):
    assert not is_summary_sheet(name)


@pytest.mark.parametrize("title", ["", "x" * 99, "a[b]:*?/\\c", "'quoted'", "😀" * 40, " · Relais"])
def test_any_title_gives_a_name_that_programs_accept(title):
    taken = [summary_sheet_name(title, [])]
    taken.append(summary_sheet_name(title, [taken[0].upper()]))
    for name in taken:
        assert is_summary_sheet(name)
        assert len(name.encode("utf-16-le")) // 2 <= 31
        assert not set("[]:*?/\\") & set(name)
        assert name.strip("'") == name
    assert len(set(taken)) == 2


def test_a_long_note_is_shortened():
    marks = [CellMark("A", 1, 1, "x" * 3000, severity) for severity in Severity]
    note = compose(marks, own_author("AK\n26"), {severity: severity.label for severity in Severity})
    assert note.startswith("AK 26 · Relais:\nto correct: xxx")
    assert len(note) < 4_100
    assert note.endswith("…")


@pytest.mark.parametrize(
    ("text", "start"),
    [("AK · Relais:\nx", 0), ("Hers\n\nAK · Relais:\nx", 4), ("Hers · Relais: yes", None), ("", None)],
)
def test_our_words_are_found_in_a_note(text, start):
    assert own_start(text) == start


def test_authors_are_ours_by_their_mark():
    assert is_own_author(own_author("Caisse 26"))
    assert not is_own_author("Anna")


def test_a_summary_has_no_more_links_than_programs_bear():
    lines = [SummaryLine(["x"], "It's", 1, 1)] * 60_001
    root = Part(summary_sheet(Summary("t", "h", lines=lines), TRANSITIONAL)).root
    links = root.first("hyperlinks").children
    assert len(links) == 60_000
    assert links[0].attributes["location"] == "'It''s'!A1"
    assert len(root.first("sheetData").children) == 60_003
