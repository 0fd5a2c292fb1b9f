"""Whatever the marks and however damaged the file: comments as told and all else equal, or a refusal."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.intake.markup.cells import address, is_within_grid, parse_address
from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.positions import Part
from core.intake.markup.types import CellMark, Summary, SummaryLine
from core.intake.markup.workbook import mark_workbook
from core.kernel.issues import Severity
from tests.support import office

MARKS = st.lists(
    st.builds(
        CellMark,
        sheet=st.sampled_from(["Staff", "Notes", "None"]),
        row=st.integers(-1, 40) | st.integers(1_048_570, 1_048_580),
        column=st.integers(-1, 12) | st.integers(16_380, 16_390),
        text=st.text(max_size=60),
        severity=st.sampled_from(Severity),
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def commented(tmp_path_factory):
    return office.commented_workbook(tmp_path_factory.mktemp("any") / "a.xlsx")


def run(source, marks):
    target = source.with_name("marked.xlsx")
    lines = [SummaryLine([mark.text, mark.column], mark.sheet, mark.row, mark.column) for mark in marks]
    lines = [line for line in lines if is_within_grid((line.row, line.column))]
    summary = Summary("Check", "Result", [("Rows", 3)], ["Finding"], lines)
    return target, mark_workbook(source, target, marks=marks, summary=summary, author="AK 26")


def comment_places(path):
    """Return how many comments each part has, by address; a place may have only one."""
    found = {}
    for name in office.packed_entries(path):
        if "comment" in name.casefold() and name.endswith(".xml"):
            root = Part(office.part(path, name).encode()).root
            listed = [c.attributes["ref"] for c in root.first("commentList").children]
            assert len(set(listed)) == len(listed)
            found[name] = set(listed)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=MARKS, more=MARKS)
def test_any_marks_stand_where_they_belong(commented, marks, more):
    target, result = run(commented, marks)
    before, after = office.packed_entries(commented), office.packed_entries(target)
    assert {n for n in before if before[n] != after[n]} == set(result.changed_parts)
    placed = {(m.sheet, m.row, m.column) for m in marks} - {(m.sheet, m.row, m.column) for m in result.unplaced}
    assert result.marked_cells == len(placed)
    wanted = {address((row, column)) for sheet, row, column in placed if sheet == "Staff"}
    staff = max(comment_places(target).values(), key=lambda refs: refs >= {"B3", "D4"})
    assert staff == wanted | {"B3", "D4"}
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "again.xlsx"
        again.write_bytes(target.read_bytes())
        second, _ = run(again, more)
        clean, _ = run(second.rename(again), [])
        assert sorted(map(len, comment_places(clean).values()))[-1] == 2
        assert office.notes(clean, "Staff") == office.notes(commented, "Staff")


@given(row=st.integers(1, 1_048_576), column=st.integers(1, 16_384))
def test_addresses_read_back(row, column):
    assert parse_address(address((row, column))) == (row, column)


@pytest.mark.parametrize("seed", range(150))
def test_a_damaged_file_is_marked_or_refused(commented, tmp_path, seed):
    chance = random.Random(seed)
    data = bytearray(commented.read_bytes())
    if seed % 3 == 0:
        del data[chance.randrange(len(data)) :]
    for _ in range(chance.randint(1, 8)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(data)
    try:
        run(path, [CellMark("Staff", 3, 3, "x", Severity.BLOCK)])
    except UnmarkableWorkbook:
        assert not path.with_name("marked.xlsx").exists()
