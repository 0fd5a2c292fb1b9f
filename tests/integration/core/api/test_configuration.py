"""The configuration by REST: read, dry run, put with the expected version, from a day on, repeated, its history."""

from __future__ import annotations

from datetime import timedelta

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.configuration import configuration
from core.configuration.registry import list_sections
from core.configuration.sections import DeadlinesSection
from core.kernel import clock
from tests.support.rest import PROBLEM, program
from tests.support.sections import entered_values

DEADLINES = "configuration/deadlines/"


@pytest.fixture
def gilles(office):
    return program(office, office.clerk("gilles"))


def put(caller, place=DEADLINES, *, key="", **body):
    seen = caller.get(place).json().get("version", 0)
    return caller.call("put", place, {"expected_version": seen, "value": {"answer_days": 20}, **body}, key)


def days(office):
    return configuration.get(office.caisse, DeadlinesSection).answer_days


def test_sections_are_listed_with_a_schema_that_their_values_fit(gilles):
    listed = gilles.get("configuration/").json()
    assert [one["key"] for one in listed] == [kind.key for kind in list_sections()]
    for one in listed:
        jsonschema.Draft202012Validator.check_schema(one["schema"])
        value = gilles.get(f"configuration/{one['key']}/").json()["value"]
        jsonschema.validate(value, one["schema"])
    french = gilles
    french.language = "fr"
    assert {one["key"]: one["title"] for one in french.get("configuration/").json()}["themes"] == "Thèmes"
    themes = next(one["schema"] for one in listed if one["key"] == "themes")
    assert "salary_declaration" in themes["$defs"]["ThemeOffer"]["properties"]["slug"]["enum"]
    desk = next(one["schema"] for one in listed if one["key"] == "desk")
    assert "salary_declaration" in desk["properties"]["four_eyes_themes"]["items"]["enum"]


def test_dry_run_says_what_would_change_and_changes_nothing(office, gilles):
    answer = put(gilles, dry_run=True).json()
    assert answer == {
        "key": "deadlines",
        "version": 1,
        "changes": ["[deadlines] answer_days changes from 30 to 20"],
        "effective_from": None,
        "applied": False,
    }
    assert days(office) == 30


def test_put_holds_at_once_and_is_in_the_history(office, gilles):
    answer = put(gilles, reason="Plus vite").json()
    assert (answer["applied"], answer["version"]) == (True, 2)
    assert days(office) == 20
    line, _first = gilles.get(f"{DEADLINES}history/").json()
    assert (line["reason"], line["state"], line["version"]) == ("Plus vite", "in_force", 2)
    assert line["changes"] == ["[deadlines] answer_days changes from 30 to 20"]
    assert put(gilles).json()["applied"] is False


def test_another_version_than_expected_is_a_conflict(office, gilles):
    put(gilles)
    late = put(gilles, value={"answer_days": 10}, expected_version=1)
    assert (late.status_code, late.json()["code"], late["Content-Type"]) == (409, "conflict", PROBLEM)
    assert days(office) == 20


def test_repeat_with_its_key_gets_the_first_answer(office, gilles):
    first, second = (put(gilles, key="one", expected_version=1) for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert len(gilles.get(f"{DEADLINES}history/").json()) == 2


def test_change_waits_for_its_day(office, gilles):
    day = (clock.now() + timedelta(days=10)).date()
    answer = put(gilles, effective_from=day.isoformat()).json()
    assert answer["effective_from"].startswith(day.isoformat())
    assert days(office) == 30
    with clock.travel(clock.now() + timedelta(days=11)):
        assert days(office) == 20
    line, _first = gilles.get(f"{DEADLINES}history/").json()
    assert line["state"] == "pending"


@pytest.mark.parametrize(
    ("section", "value", "field", "reason"),
    [
        ("deadlines", {"answer_days": 0}, "answer_days", "greater than or equal to 1"),
        ("deadlines", {"nothing": 1}, "nothing", "Extra inputs"),
        ("branding", {"accent": "#ffff00"}, "accent", "contrast to white"),
        ("retention", {"years": 2}, "years", "24 months are less than the 120"),
        ("sign_in", {"factors": ["sms"]}, "", "never the only second factor"),
        ("themes", {"offers": [{"slug": "fishing"}]}, "offers.0.slug", "no “fishing” here"),
        ("texts", {"texts": [{"notice": "sign_in_code", "language": "fr", "body": "x"}]}, "texts.0.body", "must hold"),
    ],
)
def test_what_cannot_be_is_refused_with_place_and_reason(office, gilles, section, value, *, field, reason):
    before = configuration.load(office.caisse).sections
    for dry_run in (True, False):
        answer = put(gilles, f"configuration/{section}/", value=value, dry_run=dry_run)
        assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
        problem = answer.json()
        assert problem["code"] == "configuration_invalid"
        assert any(one["field"] == field and reason in one["reason"] for one in problem["errors"]), problem
    assert configuration.load(office.caisse).sections == before


def test_auditor_reads_only_and_others_find_nothing(office):
    auditor = program(office, office.clerk("greta"))
    assert auditor.get(DEADLINES).status_code == 200
    assert put(auditor).status_code == 403
    for caller in (program(office, office.clerk()), program(office, office.actor())):
        for path in ("configuration/", DEADLINES, f"{DEADLINES}history/"):
            assert caller.get(path).status_code == 404
        assert put(caller).status_code == 404
    assert days(office) == 30
    assert auditor.get("configuration/nothing/").status_code == 404


@pytest.mark.parametrize("kind", list_sections(), ids=lambda kind: kind.key)
def test_every_section_is_put_and_read_back_equal(office, gilles, kind):
    place, value = f"configuration/{kind.key}/", entered_values(kind)
    version = gilles.get(place).json()["version"]
    answer = put(gilles, place, value=value, expected_version=version)
    assert answer.status_code == 200, answer.json()
    assert configuration.get(office.caisse, kind) == kind.model_validate(value)
    read = gilles.get(place).json()
    assert kind.model_validate(read["value"]) == kind.model_validate(value)
    assert read["version"] == version + 1
    again = put(gilles, place, value=read["value"], expected_version=version + 1)
    assert (again.json()["changes"], again.json()["applied"]) == ([], False)


def test_reading_a_section_costs_no_query_of_its_own(gilles):
    gilles.get(DEADLINES)
    with CaptureQueriesContext(connection) as queries:
        gilles.get(DEADLINES)
    assert not [one for one in queries if "sectionversion" in one["sql"]]
