"""What the platform writes it reads back: templates in every language, and its own marked-up workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.declare.frame import canonicalise
from core.declare.spreadsheet import HEADING_LANGUAGES, template_columns
from core.intake.delimited import read_text_table
from core.intake.limits import Limits
from core.intake.markup.types import CellMark, Summary, SummaryLine
from core.intake.markup.workbook import mark_workbook
from core.intake.reading import choose_table, compose
from core.intake.refusals import FileRefused
from core.intake.sheets import read_sheets
from core.intake.workbooks.template import TemplateTexts, write_template
from core.intake.workbooks.template_csv import write_csv_template
from core.kernel.issues import Severity
from themes.salary_declaration.plan import PLAN
from themes.salary_declaration.rows import SalaryRow

TEXTS = TemplateTexts(
    title="Salaries", sheet="Staff", instructions_sheet="Help", instructions=("One row per person and period.",),
    headings=("Column", "Required", "What to enter", "Example", "Entries"), yes="yes", no="no",
    choice_error="Not in the list.", language="en", author="AK 26",
)  # fmt: skip
PERSONS = [
    {
        "ahv_number": "756.9217.0769.85", "last_name": "=Müller", "first_name": "Zoë", "birth_date": date(1980, 1, 2),
        "sex": "F", "canton": "ZH", "exit_final": True, "period_from": date(2025, 3, 1), "ahv_income": Decimal("85000.05"),
    },
    {
        "last_name": "-D'Arc", "first_name": "@Jeanne", "birth_date": date(1999, 12, 31), "sex": "M", "canton": "GE",
        "employee_number": "000123456789012345", "ahv_income": Decimal("-12.50"), "fak_income": Decimal(0),
    },
]  # fmt: skip


def read(tables):
    table, match = choose_table(tables, PLAN, FileRefused)
    reading = compose(table, match, PLAN, Limits())
    typed, found = canonicalise(reading.raw, SalaryRow)
    assert match.unknown == {}
    assert found.height == 0
    assert len(match.fields) == len(SalaryRow.model_fields)
    return typed


def entries(typed):
    return [{n: v for n, v in row.items() if v not in (None, False) and n != "row"} for row in typed.to_dicts()]


def expected():
    canonical = []
    for person in PERSONS:
        values = SalaryRow.clean_entries(person)
        assert values.faults == ()
        canonical.append({n: v for n, v in values.values.items() if v not in (None, False)})
    return canonical


def workbook(tmp_path, language="de"):
    path = tmp_path / "template.xlsx"
    columns = template_columns(SalaryRow, language=language)
    with path.open("wb") as file:
        write_template(file, columns=columns, texts=TEXTS, rows=PERSONS)
    return path


@pytest.mark.parametrize("language", HEADING_LANGUAGES)
def test_a_prefilled_template_reads_back(tmp_path, language):
    path = workbook(tmp_path, language)
    assert entries(read(read_sheets(path, Limits()))) == expected()


@pytest.mark.parametrize("language", HEADING_LANGUAGES)
def test_a_prefilled_csv_template_reads_back(tmp_path, language):
    path = tmp_path / "template.csv"
    with path.open("wb") as file:
        write_csv_template(file, columns=template_columns(SalaryRow, language=language), rows=PERSONS[:1])
    typed = read([read_text_table(path, Limits())])
    assert [name.strip("'") for name in typed["last_name"]] == ["=Müller"]


def test_a_marked_workbook_reads_back_without_our_sheets(tmp_path):
    path = workbook(tmp_path)
    marks = [CellMark("Staff", 2, 3, "Unknown", Severity.BLOCK)]
    headers = [column.heading for column in template_columns(SalaryRow, language="de")]
    summary = Summary("Prüfung", "Ergebnis", headers=headers, lines=[SummaryLine(["756"] * len(headers))])
    mark_workbook(path, tmp_path / "marked.xlsx", marks=marks, summary=summary, author="AK 26")
    tables = list(read_sheets(tmp_path / "marked.xlsx", Limits()))
    assert [table.facts["sheet"] for table in tables] == ["Staff"]
    assert entries(read(tables)) == expected()
