"""A list of mandates as its sender gets it back: her own workbook, with a remark in each cell that is not in order."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext

from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.documents.services import open_document
from core.intake.markup.cells import parse_address
from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.types import CellMark, Summary, SummaryLine
from core.intake.markup.workbook import mark_workbook
from core.intake.workbooks.columns import ListColumn
from core.kernel.issues import Severity
from core.messaging.files import disposition
from core.web.views.desk_case import in_words
from core.web.views.downloads import XLSX, list_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from core.accounts.mandates.bulk import Line, ListReading
    from core.documents.models import Document
    from core.web.requests import PortalRequest

# Where a fault of the line as a whole is shown.
WHOLE_LINE = "number"


def write_marked(request: PortalRequest, document: Document, reading: ListReading) -> HttpResponse:
    """Return the workbook with remarks; of what is no workbook a list of the lines with what is wrong."""
    faulty = [one for one in reading.lines if one.error is not None]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.xlsx", Path(folder) / "marked.xlsx"
        with source.open("wb") as file:
            file.writelines(open_document(caisse=request.caisse, document=document))
        try:
            mark_workbook(
                source,
                target,
                marks=_marks(faulty, reading.facts),
                summary=_summary(reading, faulty),
                author=configuration.get(request.caisse, BrandingSection).short_name,
                labels={severity: gettext(severity.label) for severity in Severity},
            )
        except UnmarkableWorkbook:
            return _write_list(faulty)
        content = target.read_bytes()
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition(document.filename)})


def _marks(faulty: Sequence[Line], facts: Mapping[str, Any]) -> list[CellMark]:
    sheet = str(facts.get("sheet") or "")
    return [
        CellMark(sheet, line.number, column, _why(line), Severity.BLOCK)
        for line in faulty
        for column in sorted({_column(facts, name) for name in line.unread or (WHOLE_LINE,)})
    ]


def _column(facts: Mapping[str, Any], name: str) -> int:
    columns: Mapping[str, str] = facts.get("columns") or {}
    place = parse_address(f"{columns.get(name) or columns.get(WHOLE_LINE) or 'A'}1")
    return place[1] if place else 1


def _summary(reading: ListReading, faulty: Sequence[Line]) -> Summary:
    sheet = str(reading.facts.get("sheet") or "") or None
    column = _column(reading.facts, WHOLE_LINE)
    right = len(reading.lines) - len(faulty)
    return Summary(
        title=gettext("Remarks"),
        heading=gettext("What is not in order in this list"),
        facts=[(gettext("Lines in order"), right), (gettext("Lines not in order"), len(faulty))],
        headers=[gettext("Line"), gettext("What is wrong")],
        lines=[SummaryLine((one.number, _why(one)), sheet, one.number, column) for one in faulty],
    )


def _write_list(faulty: Sequence[Line]) -> HttpResponse:
    columns = [
        ListColumn(gettext("Line"), style="integer"),
        ListColumn(gettext("Number")),
        ListColumn(gettext("What is wrong"), width=80),
    ]
    body = [(one.number, one.entries.get("number", ""), _why(one)) for one in faulty]
    return list_workbook(columns, body, title=gettext("Remarks"), filename="mandates-remarks.xlsx")


def _why(line: Line) -> str:
    return in_words(line.error) if line.error is not None else ""
