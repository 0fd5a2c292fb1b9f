"""What is pasted: cut as spreadsheets mean it, no filled cell lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.workbooks.errors import PasteTooLarge
from core.intake.workbooks.paste import assign_fields, parse_paste

ALIASES = {"ahvnr": "ahv_number", "navs": "ahv_number", "name": "name", "kt": "canton"}
FIELDS = ("ahv_number", "name", "canton")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\tb\n\nc\t\n\n \t\n", [["a", "b"], [""], ["c", ""]]),
        ('"two\nlines"\t"say ""hi"""\tx', [["two\nlines", 'say "hi"', "x"]]),
        ('5" pipe\t"open\tb\n"q"x\tc', [['5" pipe', '"open', "b"], ['"q"x', "c"]]),
        ("a;b\nc;d", [["a", "b"], ["c", "d"]]),
        ("a;b\tc", [["a;b", "c"]]),
        ("\ufeffa\tb", [["a", "b"]]),
        (" a \t\t", [[" a ", "", ""]]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_pasted_text_becomes_rows(text, rows):
    assert parse_paste(text) == rows


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\v\x85\u2028\u2029\ufeff\x00"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_a_spreadsheet_copies_comes_back(rows):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter="\t", lineterminator="\n").writerows(rows)
    expected = list(rows)
    while expected and not any(cell.strip() for cell in expected[-1]):
        expected.pop()
    assert parse_paste(buffer.getvalue()) == expected


def test_more_than_the_limit_is_refused():
    assert len(parse_paste("x\n" * 5, limit=5)) == 5
    with pytest.raises(PasteTooLarge) as caught:
        parse_paste("x\n" * 500, limit=5)
    assert caught.value.params == {"limit": 5}


def test_headings_decide_the_fields():
    cells = parse_paste("\nName\tAHV-Nr.\tOther\nMüller\t756\t\n\t\t\nMeier\t\tlost\n")
    pasted = assign_fields(cells, fields=FIELDS, aliases=ALIASES)
    assert pasted.had_headings
    assert pasted.rows == ({"name": "Müller", "ahv_number": "756"}, {"name": "Meier"})
    assert pasted.numbers == (3, 5)
    assert pasted.leftover == ((5, 3, "lost"),)


def test_without_headings_the_order_decides():
    pasted = assign_fields(parse_paste("756\tMüller\tZH\tmore\n"), fields=FIELDS, aliases=ALIASES)
    assert not pasted.had_headings
    assert pasted.rows == ({"ahv_number": "756", "name": "Müller", "canton": "ZH"},)
    assert pasted.leftover == ((1, 4, "more"),)


def test_nothing_pasted_is_nothing():
    assert assign_fields([], fields=FIELDS, aliases=ALIASES).rows == ()


@given(st.lists(st.lists(st.sampled_from(["", " ", "a", "Name", "AHV-Nr"]), max_size=5), max_size=6))
def test_no_filled_cell_is_lost(cells):
    pasted = assign_fields(cells, fields=FIELDS, aliases=ALIASES)
    filled = [sum(bool(cell.strip()) for cell in row) for row in cells]
    headings = next((count for count in filled if count), 0) if pasted.had_headings else 0
    assert sum(map(len, pasted.rows)) + len(pasted.leftover) + headings == sum(filled)


def test_headings_of_what_is_left_over_are_told():
    pasted = assign_fields(parse_paste("AHVNr\tName\tHobby\t\n1\tMuster\tJass\t7"), fields=FIELDS, aliases=ALIASES)
    assert pasted.columns == ("ahv_number", "name")
    assert pasted.unknown == ("Hobby", "4")
