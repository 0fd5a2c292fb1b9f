"""ELM 5.0 files: every part that a fund needs, other versions, several funds, hostile ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from core.intake import refusals
from tests.support.elm import Avs, Fak, Institution, Letter, Person, elm_parts, many_people
from tests.support.salary import CONTEXT, Outcome, read_here
from themes.salary_declaration import elm_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

FIXTURE = Path(__file__).parents[3] / "fixtures" / "elm5_declare_salary_synthetic.xml"
PERSON = Person()


def text_of(people: Iterable[Person] = (PERSON,), **letter: Any) -> str:
    return "".join(elm_parts(people, Letter(**letter)))


def read(text: str | bytes, folder: Path, **job: Any) -> Outcome:
    source = folder / "salaries.xml"
    source.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_here(source, folder, **job)


def test_synthetic_file(tmp_path: Path) -> None:
    outcome = read_here(FIXTURE, tmp_path)
    assert outcome.codes == [(None, None, "E-02"), (3, "ahv_number", "S-01")]
    assert [row["ahv_number"] for row in outcome.rows] == ["7569217076985", "7561234567897", ""]
    assert [row["alv_income"] for row in outcome.rows] == ["84500.00", "111150.00", "5400.00"]
    assert outcome.rows[2]["exit_date"] == "2025-10-31"
    assert outcome.result.summary["totals"]["ahv_income"] == "224900.00"
    assert outcome.result.summary["breakdown"][0]["family_supplement"] == "5800.00"


def test_what_the_file_says_once(tmp_path: Path) -> None:
    declaration = read(text_of(substitution="D-4711", uid=None), tmp_path).result.summary["declaration"]
    assert declaration["year"] == 2025
    assert declaration["replaces"] == "D-4711"
    assert "enterprise_number" not in declaration
    assert declaration["contact_email"] == "paie@exemple.ch"
    assert declaration["fund_number"] == "028.000"
    assert declaration["affiliate_number"] == "100-9976.9"
    assert declaration["stated_fak_cantons"] == "FR 84500.00 0.00"
    assert (declaration["stated_ahv_entries"], declaration["stated_fak_entries"]) == (1, 1)
    assert declaration["software"] == "Demo SA DemoPaie 1.0"
    assert declaration["test_case"] is True


def test_rows_join_what_the_file_keeps_apart(tmp_path: Path) -> None:
    halves = (Avs("2025-01-01", "2025-06-30", "40000.00", "40000.00"), Avs("2025-07-01", "2025-12-31", "2.00", "2.00"))
    cantons = (Fak("2025-07-01", "2025-12-31", "2.00", "300.00", "BE"), Fak("2025-01-01", "2025-06-30", "40000.00"))
    outcome = read(text_of([replace(PERSON, avs=halves, fak=cantons), PERSON]), tmp_path)
    told = [(row["period_from"], row["ahv_income"], row["fak_income"], row["canton"]) for row in outcome.rows]
    assert told[:2] == [("2025-01-01", "40000.00", "40000.00", "FR"), ("2025-07-01", "2.00", "2.00", "BE")]
    assert outcome.rows[1]["family_supplement"] == "300.00"
    assert [row["row_number"] for row in outcome.rows] == ["1", "2", "3"]


def test_change_of_canton_within_one_salary(tmp_path: Path) -> None:
    cantons = (Fak("2025-01-01", "2025-04-30", "30000.00"), Fak("2025-05-01", "2025-12-31", "54500.00", canton="BE"))
    outcome = read(text_of([replace(PERSON, fak=cantons)]), tmp_path)
    told = [(row["period_from"], row["ahv_income"], row["fak_income"], row["canton"]) for row in outcome.rows]
    assert told == [("2025-01-01", "84500.00", "30000.00", "FR"), ("2025-05-01", "", "54500.00", "BE")]
    assert "S-04b" not in {code for _row, _field, code in outcome.codes}
    assert "S-04c" not in {code for _row, _field, code in outcome.codes}


def test_salary_without_family_allowances_needs_no_canton(tmp_path: Path) -> None:
    outcome = read(text_of([replace(PERSON, fak=())], fak=()), tmp_path)
    assert (outcome.rows[0]["fak_income"], outcome.rows[0]["canton"]) == ("0.00", "")
    assert outcome.codes == [(None, None, "E-02")]


def test_open_amounts_splits_and_relation(tmp_path: Path) -> None:
    avs = Avs(
        ahv="50000.00",
        alv="0.00",
        open_="16800.00",
        alv_open="66800.00",
        previous=("2023-01-01", "2024-12-31", "1000.00"),
    )
    person = replace(PERSON, birth="1955-01-31", avs=(avs,))
    row = read(text_of([person]), tmp_path).rows[0]
    assert (row["ahv_open"], row["alv_open"]) == ("16800.00", "66800.00")
    assert (row["previous_year"], row["previous_income"]) == ("2023-2024", "1000.00")


def test_totals_and_counters_that_do_not_match(tmp_path: Path) -> None:
    outcome = read(text_of(totals={"ahv": "84500.05"}, counters={"FAK-CAF": 2}), tmp_path)
    assert (None, "stated_ahv", "S-04a") in outcome.codes
    assert (None, "stated_fak_entries", "S-04b") in outcome.codes


def test_finding_names_line_and_place(tmp_path: Path) -> None:
    people = [*many_people(40), replace(PERSON, number="756.9217.0769.84")]
    found = next(one for one in read(text_of(people), tmp_path).findings if one["code"] == "avs_check_digit")
    assert found["row"] == 41
    assert found["params"]["text"] == "756.9217.0769.84"
    assert found["params"]["place"] == "line 44: Company/Staff/Person[41]/AHV-AVS-Salaries/AHV-AVS-Salary[1]"


TWO_FUNDS = Letter(
    ahv=(Institution("#A"), Institution("#B", "106.000", "7")),
    fak=(Institution("#FA"), Institution("#FB", "106.000", "7")),
)
BOTH = (
    replace(PERSON, avs=(Avs(institution="#A"),), fak=(Fak(institution="#FA"),)),
    replace(
        PERSON, number="756.1234.5678.97", avs=(Avs(institution="#B"),), fak=(Fak(institution="#FB", canton="BE"),)
    ),
    replace(PERSON, number=None, avs=(Avs(institution="#A"), Avs(institution="#B")), fak=(Fak(institution="#FB"),)),
)


def test_only_the_salaries_of_this_fund(tmp_path: Path) -> None:
    text = "".join(elm_parts(BOTH, TWO_FUNDS))
    outcome = read(text, tmp_path, context=CONTEXT | {"branch_numbers": ["106.000"]})
    assert [(row["ahv_number"], row["canton"]) for row in outcome.rows] == [("7561234567897", "BE"), ("", "FR")]
    assert outcome.result.summary["declaration"]["affiliate_number"] == "7"
    chosen = read(text, tmp_path, context=CONTEXT | {"branch_numbers": []}, choices={"institution": "#A"})
    assert [(row["ahv_number"], row["canton"]) for row in chosen.rows] == [("7569217076985", "FR"), ("", "")]


def test_several_funds_of_which_none_is_known(tmp_path: Path) -> None:
    with pytest.raises(elm_rules.ElmInstitutionUnclear) as raised:
        read("".join(elm_parts(BOTH, TWO_FUNDS)), tmp_path, context=CONTEXT | {"branch_numbers": []})
    assert [choice["label"] for choice in raised.value.choices] == ["028.000 / 100-9976.9", "106.000 / 7"]


def test_file_for_another_fund(tmp_path: Path) -> None:
    with pytest.raises(elm_rules.ElmOtherFund) as raised:
        read(text_of(), tmp_path, context=CONTEXT | {"branch_numbers": ["106.000"]})
    assert raised.value.params == {"branch": "028.000"}


def test_file_in_an_envelope(tmp_path: Path) -> None:
    inner = text_of().split("\n", 1)[1]
    soap = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header/><s:Body>'
    assert len(read(f"{soap}{inner}</s:Body></s:Envelope>", tmp_path).rows) == 1


def test_unknown_schema_version_warns(tmp_path: Path) -> None:
    assert (None, None, "E-01") in read(text_of(schema_version="0.1"), tmp_path).codes


OTHER_ROOTS = {
    "4.0": ('<d:DeclareSalary xmlns:d="http://www.swissdec.ch/schema/sd/20130514/SalaryDeclarationServiceTypes"/>', elm_rules.ElmVersionOld),
    "newer": ('<d:DeclareSalary xmlns:d="http://www.swissdec.ch/schema/sd/20290101/X"/>', elm_rules.ElmVersionUnknown),
    "ping": ('<d:Ping xmlns:d="http://www.swissdec.ch/schema/sd/20200220/SalaryDeclarationServiceTypes"/>', elm_rules.ElmNotDeclaration),
    "empty_envelope": ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', elm_rules.ElmNotDeclaration),
    "other": ("<invoice/>", refusals.UnknownXml),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_ROOTS)
def test_other_messages_say_what_to_do(name: str, tmp_path: Path) -> None:
    text, refusal = OTHER_ROOTS[name]
    with pytest.raises(refusals.FileRefused) as raised:
        read(text, tmp_path)
    assert type(raised.value) is refusal


def test_file_that_breaks_off(tmp_path: Path) -> None:
    with pytest.raises(refusals.TruncatedXml) as raised:
        read(text_of(many_people(30))[:20_000], tmp_path)
    assert raised.value.params["line"] > 10


def test_file_in_utf_16_and_latin_1(tmp_path: Path) -> None:
    text = text_of([replace(PERSON, first_name="Zoé")]).split("\n", 1)[1]
    for encoding in ("utf-16", "iso-8859-1"):
        content = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        assert read(content, tmp_path).rows[0]["first_name"] == "Zoé"


def test_operators_schema_is_applied(tmp_path: Path) -> None:
    """A schema of our own stands for the one that is not ours to ship."""
    namespace = "http://www.swissdec.ch/schema/sd/20200220/SalaryDeclarationServiceTypes"
    schema = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">'
        '<xs:element name="DeclareSalary"><xs:complexType><xs:sequence><xs:any processContents="skip" maxOccurs="3"/>'
        "</xs:sequence></xs:complexType></xs:element></xs:schema>"
    )
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "SalaryDeclarationServiceTypes.xsd").write_text(schema, encoding="utf-8")
    context = CONTEXT | {"schema_folder": str(folder)}
    assert len(read(text_of(), tmp_path, context=context).rows) == 1
    with pytest.raises(refusals.InvalidXml) as raised:
        read(text_of().replace("<sdc:Job>", "<a/><a/><sdc:Job>"), tmp_path, context=context)
    assert raised.value.params["line"] == 2


def test_too_many_persons(tmp_path: Path) -> None:
    from core.intake.limits import Limits
    from core.intake.plans import XmlInput
    from themes.salary_declaration.elm import read_elm
    from themes.salary_declaration.elm_names import ROOT

    source = tmp_path / "many.xml"
    source.write_text(text_of(many_people(30)), encoding="utf-8")
    with pytest.raises(refusals.TooManyRows):
        read_elm(XmlInput(source, ROOT, Limits(rows=20), {}, {}, lambda _stage, _percent: None))


def test_amounts_agree_with_a_plain_reading(tmp_path: Path) -> None:
    text = text_of(many_people(200))
    outcome = read(text, tmp_path)
    tree = etree.fromstring(text.encode())
    plain = [element.text for element in tree.iterfind(".//{*}AHV-AVS-Income")]
    assert [row["ahv_income"] for row in outcome.rows] == plain
    assert [row["last_name"] for row in outcome.rows] == [one.text for one in tree.iterfind(".//{*}Lastname")]
