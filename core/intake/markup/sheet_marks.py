"""The comments of one sheet: its comments part, their shapes, and the pointer to these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.intake.markup.comments import Comments, Outcome, empty_comments
from core.intake.markup.drawings import add_shapes, blocks_needed, empty_drawing, remove_shapes
from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.namespaces import COMMENTS_TYPE, DRAWING_TYPE
from core.intake.markup.sheets import frame_sheet, insert_into

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.intake.markup.cells import Place
    from core.intake.markup.package import Package
    from core.intake.markup.sheets import SheetFrame
    from core.kernel.issues import Severity


@dataclass(frozen=True, slots=True)
class Note:
    """What one cell is to say."""

    text: str
    severity: Severity


class SheetMarker:
    """Puts notes into sheets of one package; counts the shape numbers given out so far."""

    def __init__(self, package: Package, author: str) -> None:
        self._package = package
        self._author = author
        self._block = 1 + sum(name.casefold().endswith(".vml") for name in package.names())

    def clear(self, sheet: str) -> Outcome:
        """Take out what an earlier run said on a sheet that has nothing to say now."""
        relationships = self._package.relationships(sheet)
        found = relationships.of_kind("comments")
        if found is None:
            return Outcome()
        outcome = self._comment(found.target, self._package.read(found.target), {})
        for item in relationships.items if outcome.cleared else ():
            if item.kind == "vmlDrawing":
                self._redraw(item.target, {}, outcome)
        return outcome

    def mark(self, sheet: str, notes: Mapping[Place, Note]) -> Outcome:
        """Replace what an earlier run said on a sheet by ``notes``."""
        frame = frame_sheet(self._package.stream(sheet))
        relationships = self._package.relationships(sheet)
        found = relationships.of_kind("comments")
        if found is not None:
            outcome = self._comment(found.target, self._package.read(found.target), notes)
        else:
            part = self._new_part(sheet, "comments", COMMENTS_TYPE, frame)[0]
            outcome = self._comment(part, empty_comments(frame.dialect), notes)
        if outcome.added or outcome.cleared:
            self._draw(sheet, frame, notes, outcome)
        return outcome

    def _comment(self, part: str, data: bytes, notes: Mapping[Place, Note]) -> Outcome:
        comments = Comments(data)
        texts = {place: note.text for place, note in notes.items()}
        outcome = comments.mark(texts, self._author)
        if comments.is_changed:
            self._package.put(part, comments.content())
        return outcome

    def _draw(self, sheet: str, frame: SheetFrame, notes: Mapping[Place, Note], outcome: Outcome) -> None:
        if frame.drawing_id is not None:
            found = self._package.relationships(sheet).by_id(frame.drawing_id)
            if found is None:
                raise UnmarkableWorkbook(reason="drawing without a part")
            self._redraw(found.target, notes, outcome)
            return
        part, identifier = self._new_part(sheet, "vmlDrawing", DRAWING_TYPE, frame)
        data = empty_drawing(self._block, len(outcome.added))
        self._package.put(part, self._with_shapes(data, notes, outcome))
        tag = frame.drawing_tag(identifier)
        source = self._package.stream
        self._package.change(sheet, lambda: insert_into(source(sheet), frame.insert_at, tag))

    def _redraw(self, part: str, notes: Mapping[Place, Note], outcome: Outcome) -> None:
        data = self._package.read(part)
        # A shape left over from a comment that is gone would lie over the new one.
        cleaned = remove_shapes(data, [*outcome.cleared, *outcome.added])
        new = self._with_shapes(cleaned, notes, outcome) if outcome.added else cleaned
        if new != data:
            self._package.put(part, new)

    def _with_shapes(self, data: bytes, notes: Mapping[Place, Note], outcome: Outcome) -> bytes:
        shapes = {place: notes[place] for place in outcome.added}
        texts = {place: note.text for place, note in shapes.items()}
        severities = {place: note.severity for place, note in shapes.items()}
        new = add_shapes(data, texts, severities, self._block)
        self._block += blocks_needed(len(shapes))
        return new

    def _new_part(self, sheet: str, kind: str, content_type: str, frame: SheetFrame) -> tuple[str, str]:
        """Name a part that the sheet points to; return its name and the pointer's identifier."""
        ending = "vml" if kind == "vmlDrawing" else "xml"
        root = sheet.rpartition("/")[0].rpartition("/")[0]
        folder = "drawings/" if kind == "vmlDrawing" else ""
        part = self._package.new_name(f"{root}/{folder}{kind}{{}}.{ending}".lstrip("/"))
        self._package.content_types.add(part, content_type)
        uri = frame.dialect.relationship_type(kind)
        return part, self._package.relationships(sheet).add(uri, part)
