"""Salary lists as they really arrive: broken, hostile, clumsy, and odd but sound; all made here."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openpyxl

from tests.support import hostile_files
from tests.support.elm import Avs, Fak, Letter, Person, ahv_number, elm_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HEADINGS = ("ahv_number", "last_name", "first_name", "birth_date", "sex", "canton", "ahv_income", "alv_income")
ANNE: tuple[Any, ...] = ("756.9217.0769.85", "Exemple", "Anne", "14.03.1988", "F", "FR", 84500, 84500)
PAUL: tuple[Any, ...] = ("756.1234.5678.97", "Exemple", "Paul", "14.03.1988", "M", "FR", 84500, 84500)


@dataclass(frozen=True)
class Upload:
    """A file and what becomes of it: refused under a code, or read with findings of certain codes.

    ``rows`` is how many rows are read; ``findings`` are codes that must be among the findings, and a
    sound file has none that blocks.
    """

    name: str
    filename: str
    data: bytes
    refusal: str = ""
    findings: tuple[str, ...] = ()
    rows: int = 0

    def __str__(self) -> str:
        return self.name


def workbook(rows: Iterable[tuple[Any, ...]], change: Callable[[Any], None] | None = None) -> bytes:
    """Return a workbook as a spreadsheet program saves it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def delimited(rows: Iterable[tuple[Any, ...]], separator: str = ";") -> str:
    """Return the same as delimited text."""
    return "".join(separator.join(map(str, row)) + "\r\n" for row in rows)


def elm(*people: Person, **letter: Any) -> bytes:
    """Return an ELM 5.0 file."""
    return "".join(elm_parts(people or (Person(),), Letter(**letter))).encode()


def _with(row: tuple[Any, ...], **changes: Any) -> tuple[Any, ...]:
    return tuple(changes.get(name, value) for name, value in zip(HEADINGS, row, strict=True))


def list_refused() -> Iterator[Upload]:
    """Yield what cannot be read at all."""
    sound = elm()
    yield Upload("malformed XML", "a.xml", sound.replace(b"</sd:Staff>", b"</sd:Stuff>"), "xml_malformed")
    yield Upload("truncated XML", "a.xml", sound[: len(sound) // 2], "xml_truncated")
    wrong = sound.replace("Prénom".encode(), b"Pr\xe9nom").replace(b"Anne", b"Ren\xe9e")
    yield Upload("wrongly encoded XML", "a.xml", wrong, "xml_wrong_encoding")
    yield Upload("ELM 4.0", "a.xml", sound.replace(b"20200220", b"20130514"), "elm_version_old")
    yield Upload("ELM of an unknown version", "a.xml", sound.replace(b"20200220", b"20990101"), "elm_version_unknown")
    yield Upload(
        "XML of something else", "a.xml", b"<?xml version='1.0'?><invoice><total>1</total></invoice>", "xml_unknown"
    )
    doctype = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    yield Upload("XXE", "a.xml", doctype, "dtd")
    yield Upload("entity bomb", "a.xml", _laughs(), "dtd")
    samples = {one.name: one for one in hostile_files.list_hostile()}
    for name in (
        "zip bomb",
        "macro type",
        "macros xl/vbaProject.bin",
        "locked workbook",
        "cut package",
        "old workbook",
    ):
        yield Upload(name, samples[name].filename, samples[name].data, samples[name].code)
    yield Upload("workbook with macros by its name", "a.xlsm", workbook([HEADINGS, ANNE]), "type_not_accepted")
    yield Upload("PDF", "a.pdf", hostile_files.make_pdf(), "file_is_pdf")
    yield Upload("picture", "a.png", hostile_files.make_png(), "file_is_picture")
    yield Upload(
        "web page as a workbook", "a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "active_content"
    )
    yield Upload("nothing but headings", "a.xlsx", workbook([HEADINGS]), "file_without_rows")
    yield Upload("headings only as text", "a.csv", delimited([HEADINGS]).encode(), "file_without_rows")
    yield Upload("empty sheet", "a.xlsx", workbook([]), "workbook_without_table")
    yield Upload(
        "no heading is known", "a.xlsx", workbook([("Farbe", "Form"), ("rot", "rund")]), "workbook_without_table"
    )
    yield Upload(
        "formula in delimited text", "a.csv", delimited([HEADINGS, _with(ANNE, last_name="=1+1")]).encode(), "formula"
    )


def _laughs() -> bytes:
    parts = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "ha">{parts}]><a>&e8;</a>'.encode()


def list_mended() -> Iterator[Upload]:
    """Yield what is read with findings that say what is wrong and where."""
    yield Upload(
        "formula without a value",
        "a.xlsx",
        workbook([HEADINGS, _with(ANNE, ahv_income="=B1*2")]),
        findings=("formula_without_value",),
        rows=1,
    )
    yield Upload(
        "merged cells",
        "a.xlsx",
        workbook([HEADINGS, ANNE, PAUL], lambda sheet: sheet.merge_cells("F2:F3")),
        findings=("cells_merged",),
        rows=2,
    )
    without = tuple(name for name in HEADINGS if name != "canton")
    row = tuple(value for name, value in zip(HEADINGS, ANNE, strict=True) if name != "canton")
    yield Upload("missing column", "a.xlsx", workbook([without, row]), findings=("column_missing",), rows=1)
    renamed = tuple("Kostenstelle" if name == "canton" else name for name in HEADINGS)
    yield Upload(
        "renamed column",
        "a.xlsx",
        workbook([renamed, ANNE]),
        findings=(
            "column_missing",
            "column_unknown",
        ),
        rows=1,
    )
    many = [HEADINGS, *(_nobody(number) for number in range(1499)), _with(ANNE, ahv_income="noch offen")]
    yield Upload("text in row 1,501", "a.xlsx", workbook(many), findings=("number_unreadable",), rows=1500)
    yield Upload("same person twice", "a.xlsx", workbook([HEADINGS, ANNE, ANNE]), findings=("S-03e",), rows=2)
    yield Upload("totals that do not match", "a.xml", elm(totals={"ahv": "1.00"}), findings=("S-04a",), rows=1)
    yield Upload(
        "impossible date",
        "a.csv",
        delimited([HEADINGS, _with(ANNE, birth_date="31.02.1988")]).encode(),
        findings=("date_not_in_calendar",),
        rows=1,
    )
    yield Upload(
        "wrong check digit",
        "a.csv",
        delimited([HEADINGS, _with(ANNE, ahv_number="756.9217.0769.84")]).encode(),
        findings=("avs_check_digit",),
        rows=1,
    )


def _nobody(number: int) -> tuple[Any, ...]:
    return _with(ANNE, ahv_number=ahv_number(number), last_name=f"Nom{number}")


def list_sound() -> Iterator[Upload]:
    """Yield what looks odd and is right."""
    yield Upload("sound workbook", "a.xlsx", workbook([HEADINGS, ANNE, PAUL]), rows=2)
    yield Upload("blank rows between", "a.xlsx", workbook([HEADINGS, ANNE, (), (), PAUL]), rows=2)
    yield Upload(
        "dates as text", "a.csv", delimited([HEADINGS, ANNE, _with(PAUL, birth_date="1988-03-14")]).encode(), rows=2
    )
    number = _with(ANNE, ahv_number=7569217076985.0)
    yield Upload("13 digits as a number", "a.xlsx", workbook([HEADINGS, number]), rows=1)
    accents = [HEADINGS, _with(ANNE, last_name="Müller-Çelik")]
    yield Upload("Latin-1 with semicolons", "a.csv", delimited(accents).encode("latin-1"), rows=1)
    yield Upload("UTF-8 with a mark", "a.csv", b"\xef\xbb\xbf" + delimited(accents).encode(), rows=1)
    yield Upload("tabulators", "a.txt", delimited(accents, "\t").encode(), rows=1)
    yield Upload("formula as a plain name", "a.xlsx", workbook([HEADINGS, ANNE], _name_like_a_formula), rows=1)
    yield Upload("sound ELM", "a.xml", elm(Person(avs=(Avs(),), fak=(Fak(),))), rows=1)


def _name_like_a_formula(sheet: Any) -> None:
    sheet["B2"].value, sheet["B2"].data_type = "=cmd|' /C calc'!A0", "s"
