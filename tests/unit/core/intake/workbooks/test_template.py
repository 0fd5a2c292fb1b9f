"""The template: columns that keep what is typed, help where it is needed, last year's rows."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from core.intake.markup.names import is_summary_sheet
from core.intake.workbooks.template import TemplateTexts, write_template
from core.intake.workbooks.template_csv import write_csv_template


@dataclass(frozen=True)
class Column:
    name: str
    heading: str
    help: str = ""
    example: str = ""
    required: bool = False
    number_format: str = "@"
    width: int = 12
    choices: tuple[str, ...] = ()

    @property
    def legend(self):
        return self.choices


COLUMNS = [
    Column("ahv_number", "N° AVS", "13 chiffres.", "756.9217.0769.85", required=True, width=18),
    Column("name", "Nom, prénom", required=True),
    Column("born", "Né(e) le", number_format="dd.mm.yyyy"),
    Column("canton", "Canton", "Canton de travail", "ZH", choices=("ZH", "BE", "VD")),
    Column("wage", "Salaire AVS", number_format="#,##0.00"),
    Column("code", "Code", choices=tuple(f"long choice {n}" for n in range(60))),
    Column("odd", "Odd", choices=("a,b", "c")),
]
TEXTS = TemplateTexts(
    title="Déclaration 2026",
    sheet="Salaires",
    instructions_sheet="Instructions",
    instructions=("Une ligne par personne.", "=Ne rien changer"),
    headings=("Colonne", "Obligatoire", "Indications", "Exemple", "Entrées possibles"),
    yes="oui",
    no="non",
    choice_error="Pas dans la liste.",
    language="fr",
    author="AK 26",
)
ROWS = [
    {"ahv_number": "7569217076985", "name": "=Müller", "born": date(1980, 1, 2), "wage": Decimal("12.30")},
    {"ahv_number": "0012", "name": "#N/A", "born": "1.1.80", "canton": "ZH", "wage": "?", "unknown": "x"},
]


@pytest.fixture(scope="module")
def content():
    target = io.BytesIO()
    assert write_template(target, columns=COLUMNS, texts=TEXTS, rows=iter(ROWS)) == 2
    return target


@pytest.fixture
def book(content):
    return openpyxl.load_workbook(content)


def test_headings_stand_in_the_first_row_with_help(book):
    sheet = book["Salaires"]
    assert [cell.value for cell in sheet[1]][:4] == ["N° AVS *", "Nom, prénom *", "Né(e) le", "Canton"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].comment.text == "13 chiffres.\n→ 756.9217.0769.85"
    assert sheet["A1"].font.bold
    assert sheet.print_title_rows == "$1:$1"
    assert (book.properties.language, book.properties.title) == ("fr", "Déclaration 2026")


def plain(value):
    return value.date().isoformat() if isinstance(value, datetime) else value


def test_prefilled_rows_keep_their_values(book):
    rows = [[plain(cell.value) for cell in row[:5]] for row in book["Salaires"].iter_rows(min_row=2)]
    assert rows == [
        ["7569217076985", "=Müller", "1980-01-02", None, 12.3],
        ["0012", "#N/A", "1.1.80", "ZH", "?"],
    ]


def test_nothing_in_it_is_a_formula(content):
    with zipfile.ZipFile(content) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "sheet" in name)


def test_rows_to_come_are_formatted_too(book):
    sheet = book["Salaires"]
    assert [sheet.column_dimensions[letter].number_format for letter in "ACE"] == ["@", "dd.mm.yyyy", "#,##0.00"]


def test_lists_and_prompts_reach_to_the_last_row(book):
    rules = {str(rule.sqref): rule for rule in book["Salaires"].data_validations.dataValidation}
    canton = rules["D2:D1048576"]
    assert (canton.type, canton.formula1, canton.errorStyle) == ("list", '"ZH,BE,VD"', "warning")
    assert (canton.promptTitle, canton.prompt) == ("Canton", "Canton de travail → ZH")
    assert rules["A2:A1048576"].type is None
    assert len(rules) == 2


def test_the_instructions_name_every_column_and_are_passed_over(book):
    name = book.sheetnames[1]
    assert is_summary_sheet(name)
    rows = [[cell.value for cell in row] for row in book[name]]
    assert rows[0][0] == "Déclaration 2026"
    assert rows[4] == list(TEXTS.headings)
    assert rows[5] == ["N° AVS", "oui", "13 chiffres.", "756.9217.0769.85", None]
    assert [row[0] for row in rows[5:]] == [column.heading for column in COLUMNS]


def test_the_csv_template_has_the_same_headings():
    target = io.BytesIO()
    assert write_csv_template(target, columns=COLUMNS, rows=ROWS) == 2
    lines = target.getvalue().decode("utf-8-sig").split("\r\n")
    assert lines[0] == "N° AVS *;Nom, prénom *;Né(e) le;Canton;Salaire AVS;Code;Odd"
    assert lines[1] == "7569217076985;'=Müller;02.01.1980;;12.30;;"
