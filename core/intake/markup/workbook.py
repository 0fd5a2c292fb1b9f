"""Marking up a workbook: a comment in each wrong cell and a summary sheet, all else untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.intake.markup.book import Book
from core.intake.markup.cells import is_within_grid
from core.intake.markup.names import is_summary_sheet, own_author
from core.intake.markup.notes import compose, gravest
from core.intake.markup.package import Package
from core.intake.markup.sheet_marks import Note, SheetMarker
from core.intake.markup.types import MarkResult
from core.kernel.issues import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import IO

    from core.intake.markup.cells import Place
    from core.intake.markup.comments import Outcome
    from core.intake.markup.types import CellMark, Summary

DEFAULT_LABELS: Mapping[Severity, str] = {severity: severity.label for severity in Severity}


def mark_workbook(
    source: Path,
    target: Path,
    *,
    marks: Sequence[CellMark],
    summary: Summary,
    author: str,
    labels: Mapping[Severity, str] = DEFAULT_LABELS,
) -> MarkResult:
    """Write ``source`` to ``target`` with comments at ``marks`` and the summary as last sheet.

    Comments and summary of an earlier run are replaced; her own stay. Every part that need not
    change is copied as packed. ``labels`` are the translated words for the severities. The same
    input gives the same bytes. Raises ``unmarkable_workbook`` for what is no sound workbook in
    the Office Open XML format (.xls, .xlsb, .ods, encrypted or damaged files): ``target`` does
    not exist then.
    """
    try:
        with source.open("rb") as reading, target.open("wb") as writing:
            marking = _Marking(Package(reading), own_author(author), labels)
            return marking.run(marks, summary, writing)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


class _Marking:
    """One run over one package."""

    def __init__(self, package: Package, author: str, labels: Mapping[Severity, str]) -> None:
        self._package = package
        self._book = Book(package)
        self._marker = SheetMarker(package, author)
        self._author = author
        self._labels = labels
        self._outcomes: list[Outcome] = []
        self._unplaced: list[CellMark] = []

    def run(self, marks: Sequence[CellMark], summary: Summary, target: IO[bytes]) -> MarkResult:
        by_sheet = self._placeable(marks)
        for sheet in self._book.worksheets():
            if not is_summary_sheet(sheet.name):
                self._mark_sheet(sheet.part, by_sheet.get(sheet.name, {}))
        name = self._book.put_summary(summary)
        changed, added = self._package.write(target)
        return MarkResult(
            summary_sheet=name,
            marked_cells=sum(len(o.added) + len(o.extended) for o in self._outcomes),
            cleared_cells=sum(len(o.cleared) for o in self._outcomes),
            unplaced=tuple(self._unplaced),
            changed_parts=changed,
            added_parts=added,
        )

    def _placeable(self, marks: Sequence[CellMark]) -> dict[str, dict[Place, list[CellMark]]]:
        """Sort marks by sheet and cell; put aside those that have no cell."""
        known = {s.name for s in self._book.worksheets() if not is_summary_sheet(s.name)}
        by_sheet: dict[str, dict[Place, list[CellMark]]] = {}
        for mark in marks:
            place = (mark.row, mark.column)
            if mark.sheet in known and is_within_grid(place):
                by_sheet.setdefault(mark.sheet, {}).setdefault(place, []).append(mark)
            else:
                self._unplaced.append(mark)
        return by_sheet

    def _mark_sheet(self, part: str, marks: Mapping[Place, list[CellMark]]) -> None:
        notes = {place: self._note(on_cell) for place, on_cell in marks.items()}
        outcome = self._marker.mark(part, notes) if notes else self._marker.clear(part)
        self._outcomes.append(outcome)
        for place in outcome.hidden:
            self._unplaced += marks[place]

    def _note(self, marks: Sequence[CellMark]) -> Note:
        return Note(compose(marks, self._author, self._labels), gravest(marks))
