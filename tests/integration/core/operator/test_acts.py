"""What was done: filters, pages by key without gaps, workbook, words in the reader's language."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.kernel.actors import Actor
from core.operator import acts
from core.operator.audit import list_actions, record_act
from core.operator.models import Act
from tenants.scope import platform_transaction
from tests.support.operators import make_operator, operator_actor

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = "/operator/acts/"


def add(number, **changed):
    values = {"action": "signed_in", "actor_kind": "operator", "actor_name": "Erna"} | changed
    with platform_transaction():
        Act.objects.bulk_create(Act(at=DAY - timedelta(minutes=n // 3), **values) for n in range(number))


def walk(**filters):
    """Return all pages one after the other."""
    found, cursor = [], ""
    while True:
        with platform_transaction():
            page, cursor = acts.list_page(acts.Filters(**filters), zone="Europe/Zurich", cursor=cursor, limit=7)
        found += page
        if not cursor:
            return found


def test_pages_give_every_entry_once_newest_first():
    add(50)
    found = walk()
    assert len({act.id for act in found}) == len(found) == 50
    assert [(act.at, act.id) for act in found] == sorted(((act.at, act.id) for act in found), reverse=True)


@pytest.mark.parametrize("cursor", ["", "nonsense", "20260301T120000000000-", "-", "20261399T000000000000-00"])
def test_cursor_by_hand_begins_at_the_beginning(console, cursor):
    add(1)
    assert console.get(PAGE, {"cursor": cursor}).status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 4),
        ({"action": "operator_blocked"}, 1),
        ({"caisse": "AK26"}, 1),
        ({"caisse": "c1234567"}, 1),
        ({"since": "2026-03-02"}, 1),
        ({"until": "2026-03-01"}, 3),
        ({"since": "2026-03-01", "until": "2026-03-01"}, 3),
        ({"since": "nonsense", "until": "9999-12-31", "who": "nonsense"}, 4),
        ({"action": "nothing"}, 0),
    ],
)
def test_filters(query, expected):
    add(1)
    add(1, action="operator_blocked")
    add(1, caisse_id="c1234567", caisse_slug="ak26")
    with platform_transaction():
        Act.objects.create(at=DAY + timedelta(hours=11), action="signed_in", actor_kind="operator", actor_name="Erna")
        assert acts.Filters.read(query).apply("Europe/Zurich").count() == expected


def test_filter_by_operator_finds_what_she_did_and_what_was_done_to_her(olga):
    erna = make_operator("Erna", "erna@relais.example")
    with platform_transaction():
        record_act(actor=operator_actor(olga), action="operator_blocked", about=erna)
        record_act(actor=operator_actor(erna), action="signed_in")
        record_act(actor=operator_actor(olga), action="signed_in")
        assert acts.Filters(who=erna.id).apply("UTC").count() == 2


def test_page_speaks_the_readers_language(console):
    with platform_transaction():
        record_act(actor=Actor.system("sign-in"), action="sign_in_refused", data={"reason": "limited"})
    page = console.get(PAGE, headers={"Accept-Language": "de"}).text
    assert "Anmeldung abgelehnt" in page
    assert "zu viele Versuche" in page
    assert "Anmeldeseite" in page


def test_details_are_said_in_words_and_identifiers_left_out(console):
    data = {
        "host": "a.example",
        "job": "0198a2b4",
        "until": "2026-03-01T11:00:00+00:00",
        "sms_per_hour": "1 > 2",
        "zeal": 3,
    }
    act = Act(data=data)
    assert acts.describe(act) == "Adresse: a.example, Au: 01.03.2026, 12:00, SMS par heure: 1 > 2, zeal: 3"
    assert acts.describe(Act(data={"label": "Blue key", "level": 4})) == "Blue key, avec une clé d’accès"


def test_act_without_words_is_a_fault_in_the_code(olga):
    with pytest.raises(KeyError), platform_transaction():
        record_act(actor=operator_actor(olga), action="something_new")


def test_every_action_has_words_in_every_language(console):
    from django.utils import translation

    for language in ("fr", "de", "it"):
        with translation.override(language):
            same = [one for one, label in list_actions().items() if translation.gettext(label) == label]
        assert same == [], language


def test_workbook_holds_what_the_filters_show(console):
    add(3)
    add(2, action="operator_blocked", about_name="=cmd|' /C calc'!A0")
    answer = console.get(f"{PAGE}export/", {"action": "operator_blocked"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.data_type for row in sheet.iter_rows(min_row=2, min_col=3, max_col=3) for cell in row] == ["s", "s"]
    assert sheet.max_row == 3


def test_page_costs_the_same_for_any_number(console):
    counted = []
    for more in (1, 2, 997):
        add(more)
        with CaptureQueriesContext(connection) as queries:
            assert console.get(PAGE).status_code == 200
        counted.append(len(queries))
    assert len(set(counted)) == 1
    with CaptureQueriesContext(connection) as queries:
        assert console.get("/operator/").status_code == 200
    assert len(queries) < 30
