"""A message's list as a workbook: the template to fill in, what was pasted, and the marked-up return."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.configuration import configuration
from core.configuration.sections import BrandingSection, IntakeSection
from core.declare.declaration import kinds_of
from core.declare.texts import fold
from core.documents.models import Document
from core.documents.services import open_document
from core.intake.markup.cells import parse_address
from core.intake.markup.types import CellMark, Summary, SummaryLine
from core.intake.markup.workbook import mark_workbook
from core.intake.workbooks.columns import ListColumn
from core.intake.workbooks.findings import FindingsTable, write_findings
from core.intake.workbooks.paste import assign_fields, parse_paste
from core.kernel.errors import NotFound
from core.kernel.issues import Severity
from core.messaging import findings, presentation
from core.messaging.models import Message
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.declare.declaration import Row
    from core.declare.kinds.base import Kind
    from core.messaging.findings import FindingLine
    from tenants.scope import CaisseRef

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
BOM = "\ufeff"
PREPARED_ROWS = 500
FINDINGS_PAGE = 1000
MOST_MARKS = 20_000
XLSX_MEDIA = ("spreadsheetml", "zip")


def heading_of(kind: Kind[Any], language: str) -> str:
    """Return a column's heading, which the reader knows again in every language."""
    return kind.headings.get(language) or gettext(kind.label)


def aliases_of(row_type: type[Row]) -> dict[str, str]:
    """Return every folded heading that stands for a field, in all languages."""
    found: dict[str, str] = {}
    for name, kind in kinds_of(row_type).items():
        for text in (name, kind.label, *kind.headings.values(), *kind.aliases):
            found.setdefault(fold(text), name)
    return found


def read_pasted(row_type: type[Row], text: str) -> list[dict[str, str]]:
    """Return pasted rows by field name; without headings in the order of the template."""
    pasted = assign_fields(parse_paste(text), fields=list(kinds_of(row_type)), aliases=aliases_of(row_type))
    return list(pasted.rows)


def write_template(
    row_type: type[Row], target: Path, *, language: str, persons: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write the template (xlsx or csv by the target's ending), with the persons of last time if given."""
    kinds = kinds_of(row_type)
    with translation.override(language):
        headings = [heading_of(kind, language) for kind in kinds.values()]
        lines = [[_cell(kind, person.get(name)) for name, kind in kinds.items()] for person in persons]
        if target.suffix == ".csv":
            _write_csv(target, headings, lines)
        else:
            _write_xlsx(target, kinds, headings, lines)


def _cell(kind: Kind[Any], value: Any) -> str | None:
    return None if value is None else kind.to_text(value)


def _write_csv(target: Path, headings: list[str], lines: list[list[str | None]]) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM)
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headings)
        writer.writerows([[cell or "" for cell in line] for line in lines])


def _write_xlsx(
    target: Path, kinds: Mapping[str, Kind[Any]], headings: list[str], lines: list[list[str | None]]
) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = gettext("Persons")
    sheet.append(headings)
    for line in lines:
        sheet.append(line)
    for number, kind in enumerate(kinds.values(), start=1):
        _shape_column(sheet, number, kind, last_row=len(lines) + PREPARED_ROWS)
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(gettext("Instructions"))
    notes.append([gettext("Column"), gettext("What to enter"), gettext("Required")])
    for heading, kind in zip(headings, kinds.values(), strict=True):
        notes.append([heading, gettext(kind.help) if kind.help else "", gettext("yes") if kind.required else ""])
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 28, 90
    book.save(target)


def _shape_column(sheet: Any, number: int, kind: Kind[Any], *, last_row: int) -> None:
    letter, shape = get_column_letter(number), kind.sheet_column()
    sheet.column_dimensions[letter].width = max(shape.width, 12)
    head = sheet[f"{letter}1"]
    head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for row in range(2, last_row + 2):
        sheet[f"{letter}{row}"].number_format = shape.number_format
    if shape.choices and sum(len(choice) + 1 for choice in shape.choices) < 255:  # noqa: PLR2004 -- the format's limit
        validation = DataValidation(type="list", formula1=f'"{",".join(shape.choices)}"', allow_blank=True)
        sheet.add_data_validation(validation)
        validation.add(f"{letter}2:{letter}{last_row + 1}")


def find_source(message: Message) -> Document | None:
    """Return the workbook whose rows the message holds, if the last reading was of a workbook."""
    job = message.jobs.filter(kind="read", state="done").order_by("-created_at").first()
    if job is None or not job.result.get("facts", {}).get("columns"):
        return None
    document = Document.objects.filter(id=job.document_id, state="clean").first()
    if document is None or not any(mark in document.media_type for mark in XLSX_MEDIA):
        return None
    return document


def write_marked(*, caisse: CaisseRef, message: Message, target: Path, language: str) -> str:
    """Write her workbook with comments, or above the limit the workbook of findings; return the file's name."""
    with tenant_transaction(caisse), translation.override(language):
        source = find_source(message)
        if source is None:
            raise NotFound
        facts = message.jobs.filter(document_id=source.id, state="done").order_by("-created_at").first().result["facts"]
        lines = list(islice(_all_findings(message), MOST_MARKS))
        texts = [(line, presentation.describe_finding(message, line.finding)) for line in lines]
    limit = configuration.get(caisse, IntakeSection).marked_workbook_rows
    if message.row_count > limit:
        return _write_findings(message, target, texts)
    original = target.with_name("source.xlsx")
    with original.open("wb") as file:
        for chunk in open_document(caisse=caisse, document=source):
            file.write(chunk)
    with translation.override(language):
        author = configuration.get(caisse, BrandingSection).short_name
        mark_workbook(
            original, target, marks=_marks(facts, texts), summary=_summary(message, facts, texts), author=author,
            labels={severity: gettext(severity.label) for severity in Severity},
        )
    return source.filename


def _all_findings(message: Message) -> Iterator[FindingLine]:
    after = 0
    while page := findings.list_findings(message, after=after, limit=FINDINGS_PAGE):
        yield from page
        after = page[-1].finding.id


def _place(facts: Mapping[str, Any], line: FindingLine) -> tuple[int, int] | None:
    """Return row and column of a finding in the source; a finding on a whole row points at its first column."""
    columns: Mapping[str, str] = facts["columns"]
    letters = columns.get(line.finding.field) or next(iter(columns.values()), "A")
    place = parse_address(f"{letters}1")
    if line.finding.row_number is None or place is None:
        return None
    return line.finding.row_number, place[1]


def _marks(facts: Mapping[str, Any], texts: Sequence[tuple[FindingLine, Any]]) -> list[CellMark]:
    marks = []
    for line, text in texts:
        place = _place(facts, line)
        if place is not None:
            words = " ".join(filter(None, [f"{text.title}.", text.why, text.fix, f"({line.finding.code})"]))
            marks.append(CellMark(facts.get("sheet", ""), *place, words, Severity(line.finding.severity)))
    return marks


def _summary(message: Message, facts: Mapping[str, Any], texts: Sequence[tuple[FindingLine, Any]]) -> Summary:
    counts = findings_by_severity(texts)
    lines = []
    for line, text in texts:
        place = _place(facts, line)
        lines.append(
            SummaryLine(
                (line.finding.row_number, text.severity_label, text.title, text.why, text.fix, line.finding.code),
                sheet=facts.get("sheet") if place else None,
                row=place[0] if place else None,
                column=place[1] if place else None,
            )
        )
    return Summary(
        title=gettext("Findings"),
        heading=presentation.title_of(message),
        facts=[(gettext(Severity(severity).label), count) for severity, count in counts.items()],
        headers=_headers(),
        lines=lines,
    )


def findings_by_severity(texts: Sequence[tuple[FindingLine, Any]]) -> dict[str, int]:
    """Return the number of findings per severity."""
    counts = {str(severity): 0 for severity in Severity}
    for line, _text in texts:
        counts[line.finding.severity] += 1
    return counts


def _headers() -> list[str]:
    return [gettext("Row"), gettext("Severity"), gettext("Finding"), gettext("Why"), gettext("How to mend it"), gettext("Rule")]


def _write_findings(message: Message, target: Path, texts: Sequence[tuple[FindingLine, Any]]) -> str:
    table = FindingsTable(
        title=gettext("Findings"),
        columns=[ListColumn(heading, wrapped=number in (2, 3, 4), width=40 if number in (2, 3, 4) else 12)
                 for number, heading in enumerate(_headers())],
        rows=[
            (str(line.finding.row_number or ""), text.severity_label, text.title, text.why, text.fix, line.finding.code)
            for line, text in texts
        ],
    )
    write_findings(
        target,
        title=gettext("Summary"),
        heading=presentation.title_of(message),
        facts=[(gettext("Rows"), message.row_count), (gettext("Findings"), len(texts))],
        tables=[table],
    )
    return "findings.xlsx"
