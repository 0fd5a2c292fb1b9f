"""Each check of a salary declaration: where it is hit, where it is not, and what it says."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import pytest

from core.declare.declaration import kinds_of
from core.kernel.issues import Severity
from tests.support.salary import CONTEXT, DECLARATION, FIGURES, Outcome, check_people, figure, person, read_here
from themes.salary_declaration.rows import SalaryRow
from themes.salary_declaration.rules import RULES

if TYPE_CHECKING:
    from pathlib import Path

BEAT = person(ahv_number="756.1234.5678.97", last_name="Muster", first_name="Beat", birth_date="02.11.1979", sex="M")
OLD = {"birth_date": "20.03.1960", "sex": "M"}  # reference age in March 2025
HALF = {"period_until": "30.06.2025"}
NONE: tuple[int | None, str | None, dict[str, Any]] | None = None

# name: rows, code, expected (row, field, params) or none
CASES: dict[str, tuple[list[dict[str, str]], str, tuple[int | None, str | None, dict[str, Any]] | None]] = {
    "number unknown": ([person(ahv_number="")], "S-01", (2, "ahv_number", {})),
    "number known": ([person()], "S-01", NONE),
    "period of another year": (
        [person(period_from="01.01.2024", period_until="31.12.2024")], "S-03a",
        (2, "period_from", {"first": "2024-01-01", "until": "2024-12-31", "year": "2025"}),
    ),
    "period reversed": (
        [person(period_from="30.06.2025", period_until="01.06.2025")], "S-03b",
        (2, "period_until", {"first": "2025-06-30", "until": "2025-06-01"}),
    ),
    "paid before entry": (
        [person(period_from="01.02.2025", entry_date="15.02.2025")], "S-03c",
        (2, "period_from", {"first": "2025-02-01", "entry": "2025-02-15"}),
    ),
    "whole year and entry within it": ([person(entry_date="15.02.2025")], "S-03c", NONE),
    "paid after exit": (
        [person(period_until="31.07.2025", exit_date="30.06.2025")], "S-03d",
        (2, "period_until", {"until": "2025-07-31", "exit": "2025-06-30"}),
    ),
    "periods overlap": (
        [person(**HALF), person(period_from="30.06.2025")], "S-03e", (3, "period_from", {"other_row": 2}),
    ),
    "periods touch": ([person(**HALF), person(period_from="01.07.2025")], "S-03e", NONE),
    "seventeen in the year": (
        [person(birth_date="31.12.2008")], "S-05", (2, "ahv_income", {"age": 17, "birth_year": "2008"}),
    ),
    "eighteen in the year": ([person(birth_date="31.12.2007")], "S-05", NONE),
    "seventeen without wage": ([person(birth_date="31.12.2008", ahv_income="0", alv_income="0")], "S-05", NONE),
    "alv after the reference age": (
        [person(**OLD, period_from="01.04.2025")], "S-06a", (2, "alv_income", {"month": "2025-03"}),
    ),
    "no alv after the reference age": ([person(**OLD, period_from="01.04.2025", alv_income="0")], "S-06a", NONE),
    "alv until the month of the reference age": ([person(**OLD, period_until="31.03.2025")], "S-06a", NONE),
    "reference age within": ([person(**OLD)], "S-06b", (2, "period_until", {"month": "2025-03"})),
    "reference age at the end": ([person(**OLD, period_until="31.03.2025")], "S-06b", NONE),
    "woman of 1962 works three months longer": (
        [person(birth_date="20.03.1961", period_until="30.06.2025")], "S-06b", NONE,
    ),
    "exempt wage too high": (
        [person(**OLD, period_from="01.04.2025", alv_income="0", ahv_open="12600.05")], "S-06c",
        (2, "ahv_open", {"amount": "12600.05", "limit": "12600.00"}),
    ),
    "exempt wage of nine months": (
        [person(**OLD, period_from="01.04.2025", alv_income="0", ahv_open="12600")], "S-06c", NONE,
    ),
    "exempt wage not stated": (
        [person(birth_date="20.03.1950", alv_income="0")], "S-06d", (2, "ahv_open", {"month": "2014-03"}),
    ),
    "allowance waived": ([person(birth_date="20.03.1950", alv_income="0", allowance_waived="x")], "S-06d", NONE),
    "exempt wage before the age": ([person(ahv_open="100")], "S-06e", (2, "ahv_open", {"month": "2053-03"})),
    "alv above ahv": (
        [person(alv_income="84500.05")], "S-07a", (2, "alv_income", {"amount": "84500.05", "limit": "84500.00"}),
    ),
    "alv above the ceiling": (
        [person(ahv_income="200000", alv_income="148200.05")], "S-07b",
        (2, "alv_income", {"amount": "148200.05", "limit": "148200.00", "days": 360}),
    ),
    "alv at the ceiling": ([person(ahv_income="200000", alv_income="148200")], "S-07b", NONE),
    "alv above the ceiling of nine months": (
        [person(ahv_income="135000", alv_income="111150.05", period_from="01.04.2025")], "S-07b",
        (2, "alv_income", {"amount": "111150.05", "limit": "111150.00", "days": 270}),
    ),
    "alv at the ceiling of nine months": (
        [person(ahv_income="135000", alv_income="111150", period_from="01.04.2025")], "S-07b", NONE,
    ),
    "solidarity contribution": ([person(alvz_income="10")], "S-08", (2, "alvz_income", {"year": "2025"})),
    "minor wage": (
        [person(ahv_income="2500", alv_income="2500")], "S-09",
        (2, "ahv_income", {"amount": "2500.00", "limit": "2500.00"}),
    ),
    "above the minor wage": ([person(ahv_income="2500.05", alv_income="2500.05")], "S-09", NONE),
    "two small wages of one person": (
        [person(ahv_income="1300", alv_income="0", **HALF), person(ahv_income="1300", alv_income="0", period_from="01.07.2025")],
        "S-09", NONE,
    ),
    "canton missing": ([person(canton="")], "S-10a", (2, "canton", {})),
    "one number for two": (
        [person(), person(last_name="Autre", period_from="01.07.2025")], "S-11a", (3, "ahv_number", {"other_row": 2}),
    ),
    "two numbers for one": (
        [person(), person(ahv_number=BEAT["ahv_number"], last_name="EXEMPLE")], "S-11b",
        (3, "ahv_number", {"other_row": 2}),
    ),
    "namesake of another age": (
        [person(), person(ahv_number=BEAT["ahv_number"], birth_date="15.03.1988")], "S-11b", NONE,
    ),
    "negative wage": (
        [person(ahv_income="-100.50", alv_income="0")], "S-12", (2, "ahv_income", {"amount": "-100.50"}),
    ),
    "negative wage of an earlier year": (
        [person(ahv_income="-100.50", alv_income="0", previous_year="2024", previous_income="-100.50")], "S-12", NONE,
    ),
    "re-entry above the common ceiling": (
        [
            person(ahv_income="90000", alv_income="74100.05", **HALF),
            person(ahv_income="90000", alv_income="37050", period_from="01.10.2025"),
        ],
        "S-16", (3, "alv_income", {"amount": "111150.05", "days": 270, "limit": "111150.00"}),
    ),
    "re-entry within the common ceiling": (
        [
            person(ahv_income="90000", alv_income="90000", **HALF),
            person(ahv_income="90000", alv_income="21150", period_from="01.10.2025"),
        ],
        "S-16", NONE,
    ),
    "row without wage": ([person(ahv_income="", alv_income="")], "S-17", (2, "ahv_income", {})),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_check_of_rows(name: str, tmp_path: Path) -> None:
    rows, code, expected = CASES[name]
    hits = hits_of(check_people(*rows, folder=tmp_path), code)
    assert hits == ([] if expected is None else [expected])


def hits_of(outcome: Outcome, code: str) -> list[tuple[int | None, str | None, dict[str, Any]]]:
    return [(one["row"], one["field"], one["params"]) for one in outcome.findings if one["code"] == code]


WHOLE: dict[str, tuple[dict[str, Any], dict[str, Any], str, tuple[str | None, dict[str, Any]] | None]] = {
    "no enterprise number": ({"enterprise_number": None}, {}, "S-02", ("enterprise_number", {})),
    "enterprise number of the party": (
        {"enterprise_number": None}, {"party": {"enterprise_number": "CHE123456788"}}, "S-02", None,
    ),
    "total": ({"stated_ahv": "84500.10"}, {}, "S-04a", ("stated_ahv", {"stated": "84500.10", "counted": "84500.00"})),
    "total that matches": ({"stated_ahv": "84500.00", "stated_alv": "84500"}, {}, "S-04a", None),
    "number of entries": ({"stated_ahv_entries": 2}, {}, "S-04b", ("stated_ahv_entries", {"stated": 2, "counted": 1})),
    "total of a canton": (
        {"stated_fak_cantons": "FR 84500.00 0.00\nBE 10.00"}, {}, "S-04c",
        ("stated_fak_cantons", {"canton": "BE", "stated": "10.00", "counted": "0.00"}),
    ),
    "known workplaces": ({}, {"party": {"regions": ["BE"]}}, "S-10b", ("canton", {"canton": "FR"})),
    "known workplace": ({}, {"party": {"regions": ["BE", "FR"]}}, "S-10b", None),
    "announced entry": (
        {}, {"announced": [{"kind": "entry", "ahv_number": "7561234567897", "name": "Beat Muster", "day": "2025-02-01"}]},
        "S-13b", (None, {"person": "Beat Muster", "day": "2025-02-01"}),
    ),
    "announced exit": (
        {}, {"announced": [{"kind": "exit", "ahv_number": "7569217076985", "name": "Anne", "day": "2025-06-30"}]},
        "S-13c", ("period_until", {"day": "2025-06-30", "until": "2025-12-31"}),
    ),
    "wages changed": (
        {}, {"last_year_totals": {"ahv_income": "60000.00"}}, "S-14",
        (None, {"before": "60000.00", "now": "84500.00", "percent": "+40.8"}),
    ),
    "wages changed little in francs": ({}, {"last_year_totals": {"ahv_income": "64500.00"}}, "S-14", None),
    "wages changed little in percent": (
        {}, {"last_year_totals": {"ahv_income": "60000.00"}, "wage_change_percent": 50}, "S-14", None,
    ),
    "no accident insurer": ({"accident_insurer": ""}, {}, "S-15", ("accident_insurer", {"label": "Accident insurer"})),
    "nil with rows": ({"nil": True}, {}, "S-18a", ("nil", {"rows": 1})),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_check_of_the_whole(name: str, tmp_path: Path) -> None:
    declared, context, code, expected = WHOLE[name]
    source = kept(check_people(person(), folder=tmp_path), tmp_path / "kept.csv")
    given = {"declaration": DECLARATION | declared, "context": CONTEXT | context}
    outcome = read_here(source, tmp_path, task="check", **given)
    found = [(field, params) for _row, field, params in hits_of(outcome, code)]
    assert found == ([] if expected is None else [expected])


def test_sound_list_has_no_finding(tmp_path: Path) -> None:
    assert check_people(person(), BEAT, folder=tmp_path).findings == []


def test_nothing_declared_and_nothing_listed(tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text(",".join(["row_number", *kinds_of(SalaryRow)]) + "\n", encoding="utf-8")
    empty = read_here(tmp_path / "kept.csv", tmp_path, task="check")
    assert empty.codes == [(None, "nil", "S-18b")]
    nil = read_here(tmp_path / "kept.csv", tmp_path, task="check", declaration=DECLARATION | {"nil": True})
    assert nil.codes == []


def test_against_the_list_of_last_year(tmp_path: Path) -> None:
    people = (
        person(), BEAT, person(ahv_number="", last_name="Parti", exit_final="x"), person(ahv_number="", last_name="Resté"),
    )  # fmt: skip
    (tmp_path / "before").mkdir()
    before = check_people(*people, folder=tmp_path / "before")
    last_year = kept(before, tmp_path / "last_year.csv")
    context = CONTEXT | {"last_year_rows": str(last_year), "last_year": "2024"}
    outcome = check_people(person(last_name="Nouveau"), folder=tmp_path, context=context)
    assert hits_of(outcome, "S-11c") == [(2, "ahv_number", {"name": "Exemple Anne", "birth_date": "1988-03-14"})]
    missing = [params["person"] for _row, _field, params in hits_of(outcome, "S-13a")]
    assert missing == ["Muster Beat 7561234567897", "Resté Anne"]


def kept(outcome: Outcome, target: Path) -> Path:
    """Write rows as COPY writes them out of the row table."""
    words = {"true": "t", "false": "f"}
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["row_number", *kinds_of(SalaryRow)], extrasaction="ignore")
        writer.writeheader()
        writer.writerows({name: words.get(cell, cell) for name, cell in row.items()} for row in outcome.rows)
    return target


def test_kept_rows_get_the_findings_of_the_file(tmp_path: Path) -> None:
    rows = [person(ahv_income="viel"), person(sex="x", canton="", exit_final="x"), BEAT]
    first = check_people(*rows, folder=tmp_path)
    unread = tmp_path / "unread.csv"
    lines = [
        f'{one["row"]},{one["field"]},"{one["params"]["text"]}"' for one in first.findings if "text" in one["params"]
    ]
    unread.write_text("\n".join(["row_number,field,value", *lines]) + "\n", encoding="utf-8")
    again = read_here(kept(first, tmp_path / "kept.csv"), tmp_path, task="check", unread=unread)
    assert again.findings == first.findings
    assert again.rows == first.rows


def test_new_file_empties_what_an_older_one_stated(tmp_path: Path) -> None:
    outcome = check_people(person(), folder=tmp_path, declaration=DECLARATION | {"stated_ahv": "1.00"})
    assert outcome.findings == []
    assert outcome.result.summary["declaration"]["stated_ahv"] is None


def test_year_whose_figures_are_not_known(tmp_path: Path) -> None:
    figures = [*FIGURES, figure("ahv.minor_wage_year", "2500", "2025-01-01", "2025-12-31")]
    known = [one for one in figures if one["key"] not in {"alv.ceiling_year"}]
    rows = [person(ahv_income="500000", alv_income="500000")]
    outcome = check_people(*rows, folder=tmp_path, context=CONTEXT | {"parameters": known})
    assert outcome.codes == [(None, None, "S-00")]
    assert outcome.findings[0]["params"] == {"year": "2025", "keys": "alv.ceiling_year"}


def test_without_a_year_only_cells_are_checked(tmp_path: Path) -> None:
    outcome = check_people(person(birth_date="31.2.1988"), folder=tmp_path, context={}, declaration={})
    assert outcome.codes == [(2, "birth_date", "date_not_in_calendar")]
    assert outcome.result.summary["totals"]["ahv_income"] == "84500.00"


def test_every_check_of_the_list_has_its_rules() -> None:
    numbers = {re.match(r"S-(\d\d)", code)[1] for code in RULES}  # type: ignore[index]
    assert numbers >= {f"{number:02d}" for number in range(1, 17)}
    for rule in RULES.values():
        assert rule.title
        assert rule.why.endswith(".")
        assert rule.fix.endswith(".")


def test_every_case_is_tried() -> None:
    tried = {code for _rows, code, expected in CASES.values() if expected}
    tried |= {code for *_given, code, expected in WHOLE.values() if expected}
    assert set(RULES) - tried == {"S-00", "S-11c", "S-13a", "S-18b"}


def test_params_fill_the_words() -> None:
    for _rows, code, expected in CASES.values():
        if expected is not None:
            assert RULES[code].why % expected[2]
    for *_given, code, found in WHOLE.values():
        if found is not None:
            assert RULES[code].why % found[1]
    assert {rule.severity for rule in RULES.values()} == set(Severity)


def test_rules_do_not_take_an_unread_entry_for_an_empty_one(tmp_path):
    wrong = person(ahv_income="viel", canton="XX")
    found = check_people(wrong, folder=tmp_path).findings
    told = {(one["code"], one["field"]) for one in found if one["row"] is not None}
    assert told == {("number_unreadable", "ahv_income"), ("choice_unknown", "canton")}
