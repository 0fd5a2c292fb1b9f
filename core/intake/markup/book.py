"""The workbook part: which sheets there are, our summary among them, and adding it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.intake.markup.edits import Edits, attribute, plain, tag_name
from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.names import is_summary_sheet, summary_sheet_name
from core.intake.markup.namespaces import DIALECTS, WORKSHEET_TYPE
from core.intake.markup.positions import Element, Part
from core.intake.markup.summary_sheet import summary_sheet

if TYPE_CHECKING:
    from core.intake.markup.package import Package
    from core.intake.markup.types import Summary

# A hidden name that spreadsheet programs keep: proof that a sheet called like ours is ours.
_SUMMARY_NAME = "_relais_summary"
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the tabs show it; ``part`` holds it, ``kind`` tells worksheets from charts."""

    name: str
    part: str
    kind: str


class Book:
    """The workbook part of a package."""

    def __init__(self, package: Package) -> None:
        self._package = package
        main = package.relationships("").of_kind("officeDocument")
        if main is None or not main.target.casefold().endswith(".xml"):
            raise UnmarkableWorkbook(reason="no workbook")
        self._name = main.target
        self._part = Part(package.read(self._name))
        self._relationships = package.relationships(self._name)
        root = self._part.root
        listed = root.first("sheets")
        if root.name != "workbook" or root.space not in DIALECTS or listed is None:
            raise UnmarkableWorkbook(reason="no workbook")
        self.dialect = DIALECTS[root.space]
        self._listed = listed
        self.sheets = [sheet for e in listed.named("sheet") if (sheet := self._sheet(e))]

    def _sheet(self, element: Element) -> Sheet | None:
        identifier = element.attributes.get(f"{self.dialect.relationships}|id", "")
        found = self._relationships.by_id(identifier)
        if found is None:
            return None
        return Sheet(element.attributes.get("name", ""), found.target, found.kind)

    def put_summary(self, summary: Summary) -> str:
        """Put the summary in the place of an earlier one, or last; return the sheet's name."""
        data = summary_sheet(summary, self.dialect)
        if own := self._own_summary():
            self._package.put(own.part, data)
            return own.name
        return self._add_summary(summary.title, data)

    def _own_summary(self) -> Sheet | None:
        name = self._summary_name()
        pointed = name.text.rpartition("!")[0].strip("'").replace("''", "'") if name else ""
        mine = (s for s in self.worksheets() if s.name == pointed and is_summary_sheet(s.name))
        return next(mine, None)

    def worksheets(self) -> list[Sheet]:
        """Return the sheets that have cells."""
        return [sheet for sheet in self.sheets if sheet.kind == "worksheet"]

    def _summary_name(self) -> Element | None:
        names = self._part.root.first("definedNames")
        for element in names.named("definedName") if names else ():
            is_ours = element.attributes.get("name", "").casefold() == _SUMMARY_NAME
            if is_ours and "localSheetId" not in element.attributes:
                return element
        return None

    def _add_summary(self, title: str, data: bytes) -> str:
        name = summary_sheet_name(title, [sheet.name for sheet in self.sheets])
        folder = self._name.rpartition("/")[0]
        part = self._package.new_name(f"{folder}/worksheets/sheet{{}}.xml".lstrip("/"))
        self._package.put(part, data)
        self._package.content_types.add(part, WORKSHEET_TYPE)
        kind = self.dialect.relationship_type("worksheet")
        edits = Edits(self._part)
        self._list_sheet(edits, name, self._relationships.add(kind, part))
        self._point_at(edits, name)
        changed = edits.apply()
        self._package.put(self._name, changed)
        return name

    def _list_sheet(self, edits: Edits, name: str, identifier: str) -> None:
        numbers = (e.attributes.get("sheetId", "0") for e in self._listed.named("sheet"))
        number = max((int(n) for n in numbers if n.isdecimal()), default=0) + 1
        prefix = self._part.prefixes.get(self.dialect.relationships)
        space = b"" if prefix else b' xmlns:r="%s"' % self.dialect.relationships.encode()
        head = b"<%s name=%s" % (tag_name(self._part.root.prefix, "sheet"), attribute(name))
        place = (head, number, space, (prefix or "r").encode(), attribute(identifier))
        edits.append_child(self._listed, b'%s sheetId="%d"%s %s:id=%s/>' % place)

    def _point_at(self, edits: Edits, sheet: str) -> None:
        """Let the hidden name point at the summary."""
        place = plain("'{}'!$A$1".format(sheet.replace("'", "''")))
        if stale := self._summary_name():
            edits.replace(stale.inner, stale.inner_end, place)
            return
        prefix = self._part.root.prefix
        tag, outer = tag_name(prefix, "definedName"), tag_name(prefix, "definedNames")
        new = b'<%s name="%s" hidden="1">%s</%s>' % (tag, _SUMMARY_NAME.encode(), place, tag)
        if names := self._part.root.first("definedNames"):
            edits.append_child(names, new)
            return
        before = [e for e in self._part.root.children if e.name in _BEFORE_NAMES]
        edits.insert(before[-1].end, b"<%s>%s</%s>" % (outer, new, outer))
