"""A message's list as a workbook: the template to fill in, what was pasted, and the marked-up return."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext

from core.configuration import configuration
from core.configuration.sections import BrandingSection, IntakeSection
from core.declare.declaration import kinds_of
from core.declare.spreadsheet import header_aliases, heading_of, template_columns
from core.documents.models import Document
from core.documents.services import open_document
from core.intake.markup.cells import parse_address
from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.types import CellMark, Summary, SummaryLine
from core.intake.markup.workbook import mark_workbook
from core.intake.workbooks.columns import ListColumn
from core.intake.workbooks.findings import FindingsTable, is_better_marked, write_findings
from core.intake.workbooks.listing import export_list
from core.intake.workbooks.paste import assign_fields, parse_paste
from core.intake.workbooks.template import TemplateTexts
from core.intake.workbooks.template import write_template as write_workbook_template
from core.intake.workbooks.template_csv import write_csv_template
from core.kernel.errors import NotFound
from core.kernel.issues import Severity
from core.messaging import findings, presentation, rows
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from core.declare.declaration import Row
    from core.declare.kinds import Kind
    from core.intake.workbooks.columns import Style
    from core.intake.workbooks.paste import PastedRows
    from core.messaging.findings import FindingLine
    from core.messaging.models import Message
    from tenants.scope import CaisseRef

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
FINDINGS_PAGE = 1000
# By the first sign of a kind's number format.
_STYLES: dict[str, Style] = {"d": "date", "#": "amount", "0": "integer"}
XLSX_MEDIA = ("spreadsheetml", "zip")


def read_pasted(message: Message, text: str) -> PastedRows:
    """Return pasted rows by field name; without headings in the order of the template."""
    row_type, joined = rows.row_class(message), presentation.type_of(message).joined
    aliases = header_aliases(row_type, joined.headings if joined else None)
    pasted = assign_fields(parse_paste(text), fields=list(kinds_of(row_type)), aliases=aliases)
    if joined is None:
        return pasted
    return replace(pasted, rows=tuple(joined.split(row, pasted.columns) for row in pasted.rows))


def write_template(
    row_type: type[Row], target: Path, *, language: str, persons: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write the template (xlsx or csv by the target's ending), with the persons of last time if given."""
    with translation.override(language), target.open("wb") as file:
        columns = template_columns(row_type, language=language, translate=gettext)
        if target.suffix == ".csv":
            write_csv_template(file, columns=columns, rows=persons)
        else:
            write_workbook_template(file, columns=columns, texts=_template_texts(), rows=persons)


def write_rows(message: Message, target: Path, *, language: str) -> str:
    """Write the whole list of a message as a workbook that the portal can read again; return the file's name."""
    with translation.override(language):
        kinds = kinds_of(rows.row_class(message))
        columns = [_list_column(kind, language) for kind in kinds.values()]
        lines = ([line.values.get(name) for name in kinds] for line in rows.iterate_rows(message))
        export_list(columns, lines, target, title=gettext("Persons"))
        return f"{presentation.reference_of(message)}.xlsx"


def _list_column(kind: Kind[Any], language: str) -> ListColumn:
    shape = kind.sheet_column()
    style: Style = _STYLES.get(shape.number_format[:1], "text")
    return ListColumn(heading_of(kind, language, gettext), style, width=shape.width)


def _template_texts() -> TemplateTexts:
    return TemplateTexts(
        title=gettext("List of persons"),
        sheet=gettext("Persons"),
        instructions_sheet=gettext("Instructions"),
        instructions=[
            gettext("One row for each person and period. Columns that do not concern you may stay empty."),
            gettext("Send the file back through the portal; nothing is sent to the caisse before you have checked it."),
        ],
        headings=(
            gettext("Column"),
            gettext("Required"),
            gettext("What to enter"),
            gettext("Example"),
            gettext("Possible entries"),
        ),
        yes=gettext("yes"),
        no=gettext("no"),
        choice_error=gettext("Choose an entry of the list."),
        language=translation.get_language() or "fr",
        author=configuration.get(current_caisse(), BrandingSection).short_name,
    )


def find_source(message: Message) -> Document | None:
    """Return the workbook whose rows the message holds, if the last reading was of a workbook."""
    job = message.jobs.filter(kind="read", state="done").order_by("-created_at").first()
    if job is None or not job.result.get("facts", {}).get("columns"):
        return None
    document = Document.objects.filter(id=job.document_id or message.id, state="clean").first()
    if document is None or not any(mark in document.media_type for mark in XLSX_MEDIA):
        return None
    return document


def write_marked(*, caisse: CaisseRef, message: Message, target: Path, language: str) -> str:
    """Write her workbook with comments, or above the limit the workbook of findings; return the file's name."""
    with tenant_transaction(caisse), translation.override(language):
        source = find_source(message)
        if source is None:
            raise NotFound
        job = message.jobs.filter(document_id=source.id, state="done").order_by("-created_at").first()
        facts: Mapping[str, Any] = job.result["facts"] if job else {"columns": {}}
        texts = [(line, presentation.describe_finding(message, line.finding)) for line in _all_findings(message)]
        if not is_marked(caisse, message):
            return _write_findings(message, target, texts)
    original = target.with_name("source.xlsx")
    with original.open("wb") as file:
        for chunk in open_document(caisse=caisse, document=source):
            file.write(chunk)
    with translation.override(language):
        author = configuration.get(caisse, BrandingSection).short_name
        try:
            mark_workbook(
                original,
                target,
                marks=_marks(facts, texts),
                summary=_summary(message, facts, texts),
                author=author,
                labels={severity: gettext(severity.label) for severity in Severity},
            )
        except UnmarkableWorkbook:
            return _write_findings(message, target, texts)
    return source.filename


def is_marked(caisse: CaisseRef, message: Message) -> bool:
    """Whether her own workbook is marked up: up to the caisse's number of rows, and as many marks as open well."""
    limit = configuration.get(caisse, IntakeSection).marked_workbook_rows
    return message.row_count <= limit and is_better_marked(rows=message.row_count, cells=message.findings.count())


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
    return [
        gettext("Row"),
        gettext("Severity"),
        gettext("Finding"),
        gettext("Why"),
        gettext("How to mend it"),
        gettext("Rule"),
    ]


def _write_findings(message: Message, target: Path, texts: Sequence[tuple[FindingLine, Any]]) -> str:
    table = FindingsTable(
        title=gettext("Findings"),
        columns=[
            ListColumn(heading, wrapped=number in (2, 3, 4), width=40 if number in (2, 3, 4) else 12)
            for number, heading in enumerate(_headers())
        ],
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
