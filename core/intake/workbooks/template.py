"""The workbook that a person fills in: headings, help, lists to pick from, last year's rows."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.intake.markup.cells import MAX_ROW
from core.intake.markup.names import clean_sheet_name, summary_sheet_name
from core.intake.workbooks.template_rows import RowWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from core.intake.workbooks.columns import Cell, TemplateColumn

REQUIRED_MARK = " *"
_PROMPT_LIMIT = 255
_PROMPT_TITLE_LIMIT = 32
_INLINE_LIST_LIMIT = 255
_BOLD = Font(bold=True)
_TITLE = Font(bold=True, size=14)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LINE = Border(bottom=Side(style="thin"))
# Grey that keeps black text at a contrast far above 7 to 1, also in print.
_SHADE = PatternFill("solid", fgColor="E8E8E8")


@dataclass(frozen=True, slots=True)
class TemplateTexts:
    """The translated words around the columns.

    ``headings`` are those of the instructions' table: column, required, what to enter, example,
    possible entries. ``choice_error`` says that the entry is not in the list.
    """

    title: str
    sheet: str
    instructions_sheet: str
    instructions: Sequence[str]
    headings: tuple[str, str, str, str, str]
    yes: str
    no: str
    choice_error: str
    language: str
    author: str


def write_template(
    target: IO[bytes],
    *,
    columns: Sequence[TemplateColumn],
    texts: TemplateTexts,
    rows: Iterable[Mapping[str, Cell]] = (),
) -> int:
    """Write a template to a seekable file, prefilled with ``rows`` (values by field name); return their number.

    The first sheet has its headings in row 1 and nothing above or beside the table; the second
    explains each column and is passed over by readers. Required columns say so by an asterisk.
    Raises ``list_too_long`` above 1,048,575 rows.
    """
    writer = RowWriter(_empty_template(columns, texts), columns)
    writer.write(rows, target)
    return writer.count


def _empty_template(columns: Sequence[TemplateColumn], texts: TemplateTexts) -> BytesIO:
    book = Workbook(write_only=True)
    _describe(book, texts)
    sheet = book.create_sheet(clean_sheet_name(texts.sheet))
    _lay_out(sheet, columns)
    sheet.append([_heading(sheet, column, texts.author) for column in columns])
    _help(sheet, columns, texts)
    _instruct(book, columns, texts)
    target = BytesIO()
    book.save(target)
    return target


def _describe(book: Workbook, texts: TemplateTexts) -> None:
    book.properties.title = texts.title
    book.properties.creator = texts.author
    book.properties.language = texts.language


def _lay_out(sheet: WriteOnlyWorksheet, columns: Sequence[TemplateColumn]) -> None:
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for number, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = max(column.width, len(column.heading) // 2 + 3)
        dimension.number_format = column.number_format


def _heading(sheet: WriteOnlyWorksheet, column: TemplateColumn, author: str) -> WriteOnlyCell:
    cell = _text_cell(sheet, heading_text(column))
    cell.font, cell.fill, cell.border, cell.alignment = _BOLD, _SHADE, _LINE, _WRAPPED
    lines = [column.help, column.example and f"→ {column.example}"]
    if text := "\n".join(line for line in lines if line):
        cell.comment = Comment(text, author, width=280, height=40 + 18 * (len(text) // 40 + 1))
    return cell


def heading_text(column: TemplateColumn) -> str:
    """Return the heading as it stands in a template: with an asterisk where an entry is required."""
    return f"{column.heading}{REQUIRED_MARK if column.required else ''}"


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """Return a cell of text, whatever the text looks like: formulas stay words."""
    cell = WriteOnlyCell(sheet)
    cell.value = text
    cell.data_type = "s"
    return cell


def _help(sheet: WriteOnlyWorksheet, columns: Sequence[TemplateColumn], texts: TemplateTexts) -> None:
    """Show what to enter while a cell is chosen, which screen readers speak, and offer the lists."""
    for number, column in enumerate(columns, start=1):
        rule = _validation(column, texts)
        if rule is not None:
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{MAX_ROW}")
            sheet.data_validations.append(rule)


def _validation(column: TemplateColumn, texts: TemplateTexts) -> DataValidation | None:
    formula = '"{}"'.format(",".join(column.choices))
    has_list = bool(column.choices) and len(formula) <= _INLINE_LIST_LIMIT and _is_plain(column.choices)
    prompt = " ".join(filter(None, (column.help, column.example and f"→ {column.example}")))
    if not (has_list or prompt):
        return None
    rule = DataValidation(type="list" if has_list else None, formula1=formula if has_list else None)
    rule.allow_blank = True
    if prompt:
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = column.heading[:_PROMPT_TITLE_LIMIT], prompt[:_PROMPT_LIMIT]
    if has_list:
        # A warning, not a stop: the portal understands more spellings than the list offers.
        rule.showErrorMessage, rule.errorStyle = True, "warning"
        rule.error = texts.choice_error[:_PROMPT_LIMIT]
    return rule


def _is_plain(choices: Sequence[str]) -> bool:
    """Whether a list within a rule can hold them: it has no way to write commas and quotes."""
    return not any(set(choice) & {",", '"'} for choice in choices)


def _instruct(book: Workbook, columns: Sequence[TemplateColumn], texts: TemplateTexts) -> None:
    sheet = book.create_sheet(summary_sheet_name(texts.instructions_sheet, book.sheetnames))
    for letter, width in zip("ABCDE", (32, 12, 70, 24, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_styled(sheet, texts.title, font=_TITLE)])
    for line in texts.instructions:
        sheet.append([_styled(sheet, line)])
    sheet.append([])
    sheet.append([_styled(sheet, heading, font=_BOLD, fill=_SHADE) for heading in texts.headings])
    for column in columns:
        cells = (column.heading, texts.yes if column.required else texts.no, column.help, column.example)
        legend = ", ".join(column.legend)
        sheet.append([_styled(sheet, text, alignment=_WRAPPED) for text in (*cells, legend)])


def _styled(sheet: WriteOnlyWorksheet, text: str, **styles: object) -> WriteOnlyCell:
    cell = _text_cell(sheet, text)
    for name, style in styles.items():
        setattr(cell, name, style)
    return cell
