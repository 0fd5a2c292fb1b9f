"""Who acted for a company, and who of the caisse opened a person's data."""

from __future__ import annotations

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from core.accounts.incidents.helping import actor_of
from core.accounts.incidents.services import Report, report_incident
from core.accounts.models import Party
from core.audit.models import Entry
from core.kernel import clock
from core.messaging.acts import OPENED
from core.messaging.presentation import reference_of, title_of
from tenants.scope import tenant_transaction
from tests.support.days import days_later
from tests.support.mailbox import DUPLICATE, draft, sent
from tests.support.rest import program
from tests.support.routes import build_scene, pages

EVENT = "Brouillon commencé"


def grow(office, more, **values):
    party, user = office.parties["factory"], office.users["anne"]
    with tenant_transaction(office.caisse):
        Entry.objects.bulk_create(
            Entry(
                at=clock.now(), object_id=str(user.id), for_party_id=party.id, acting_party_id=party.id,
                **{"action": "message_sent", "object_type": "message", "user_id": user.id, "actor_kind": "party",
                   "actor_name": user.name, "data": {}} | values,
            )
            for _ in range(more)
        )  # fmt: skip


@pytest.fixture
def acts(office):
    return office.url("company/acts/")


def test_everybody_of_the_company_sees_who_acted_and_through_whom(office, acts):
    with tenant_transaction(office.caisse):
        draft(office.actor("anne"))
        draft(office.actor("claire"))
    page = office.browser("beat").get(acts).content.decode()
    assert "Anne Exemple" in page
    assert "Claire Exemple · Firm" in page


def test_act_names_its_case_on_the_page_and_in_the_file(office, acts):
    with tenant_transaction(office.caisse):
        begun = draft(office.actor("anne"))
    named = f"{title_of(begun)} ({reference_of(begun)})"
    browser = office.browser("anne", HTTP_ACCEPT_LANGUAGE="fr")
    assert f"{EVENT} · {named}" in browser.get(acts).content.decode()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(browser.post(f"{acts}export.xlsx").content)).get_sheet_by_index(0)
    assert rows.to_python()[1][3:5] == [EVENT, named]


def test_acts_of_a_theme_are_for_its_readers(office, acts):
    grow(office, 1, data={"theme": "salary_declaration"}, actor_name="Lohn Meier")
    assert "Lohn Meier" not in office.browser("beat").get(acts).content.decode()
    assert "Lohn Meier" in office.browser("anne").get(acts).content.decode()


def test_search_filters_and_export(office, acts):
    grow(office, 2, actor_name="Zoe Muster")
    grow(office, 1, actor_name="Paie (Programm)", token_id=office.users["anne"].id)
    browser = office.browser("anne")
    assert browser.post(acts, {"q": "zoe"}).content.decode().count("Zoe Muster") == 2
    assert "Zoe Muster" not in browser.post(acts, {"by": "program"}).content.decode()
    assert "Zoe Muster" not in browser.post(acts, {"until": "2020-01-01"}).content.decode()
    book = browser.post(f"{acts}export.xlsx", {"q": "zoe"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["Zoe Muster", "Zoe Muster"]


def test_acts_of_another_company_do_not_exist(office):
    assert office.browser("hugo").get(office.url("company/acts/")).status_code == 404


def test_acts_around_a_report_are_marked(office, acts):
    grow(office, 1)
    with tenant_transaction(office.caisse):
        user = office.users["anne"]
        made = report_incident(actor=actor_of(user), user=user, report=Report("not_me", "session"))
    grow(office, 1)
    page = office.browser("beat", HTTP_ACCEPT_LANGUAGE="fr").get(acts).content.decode()
    marks = re.findall(rf"(avant|après) l’annonce {made.reference}", page)
    assert marks == ["après", "après", "avant"]


def measure(browser, path):
    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


@pytest.mark.usefixtures("still_clock")
def test_acts_and_openings_cost_as_much_for_a_thousand_as_for_one(office, acts):
    with tenant_transaction(office.caisse):
        Party.objects.filter(id=office.parties["factory"].id).update(kind="insured")
    browser, opened = office.browser("anne"), office.url("opened/")
    counts = set()
    for more in (1, 2, 997):
        grow(office, more)
        grow(office, more, action=OPENED, object_type="party", actor_kind="clerk", data={"reason": "file"})
        counts.add((measure(browser, acts), measure(browser, opened)))
    assert len(counts) == 1


@pytest.fixture
def person(office):
    """The factory as if it were an insured person, with a case sent."""
    with tenant_transaction(office.caisse):
        case = sent(office.actor("anne"), DUPLICATE)
        Party.objects.filter(id=office.parties["factory"].id).update(kind="insured")
    return case


def openings(office):
    with tenant_transaction(office.caisse):
        return [
            (one.actor_name, one.object_type, one.data["reason"])
            for one in Entry.objects.filter(action=OPENED).order_by("at", "id")
        ]


def test_opening_a_case_is_recorded_once_a_day_with_its_reason(office, person):
    elena, felix = office.browser("elena"), office.browser("felix")
    for _ in range(3):
        assert elena.get(f"/clerk/m/{person.id}/").status_code == 200
    assert openings(office) == [("Elena Exemple", "message", "case")]
    felix.get(f"/clerk/m/{person.id}/")
    assert len(openings(office)) == 2
    page = office.browser("anne").get(office.url("opened/")).content.decode()
    assert "Elena Exemple" in page
    assert f"{person.reference[:4]}-" in page


def test_file_opened_from_a_case_names_it_and_without_one_says_so(office, person):
    party = office.parties["factory"].id
    office.browser("elena").get(f"/clerk/parties/{party}/?case={person.id}")
    office.browser("felix").get(f"/clerk/parties/{party}/")
    assert openings(office) == [("Elena Exemple", "party", "case"), ("Felix Exemple", "party", "file")]


def test_program_of_the_desk_opens_no_less(office, person):
    assert program(office, office.clerk()).get(f"desk/messages/{person.id}/").status_code == 200
    assert [one[1:] for one in openings(office)] == [("message", "case")]


def test_her_own_people_open_nothing(office, person):
    office.browser("anne").get(office.url(f"m/{person.id}/"))
    assert openings(office) == []


def test_page_is_for_persons(office):
    browser = office.browser("anne")
    assert browser.get(office.url("opened/")).status_code == 404
    assert "/opened/" not in browser.get(office.url("company/")).content.decode()


@pytest.mark.parametrize("kind", ["message", "party", "document"])
def test_pages_of_the_desk_that_show_one_thing_record_it(office, kind):
    """Reads the URL table. Each page is the first that a clerk opens on a day of its own: an act is kept once a day."""
    scene, about = build_scene(office), f"{kind}_id"
    routes = [route for route in pages("desk") if about in route.parameters and not route.pattern.startswith(RECORDED)]
    seen, silent = [], []
    for day, route in enumerate(routes, 1):
        with days_later(office.caisse, day):
            browser, before = office.browser("elena"), count_opened(office)
            if browser.get(route.path(scene.values_of(scene.sent))).status_code == OK:
                (seen if count_opened(office) > before else silent).append(route.pattern)
    assert silent == [], "\n".join(silent)
    assert seen


def count_opened(office):
    with tenant_transaction(office.caisse):
        return Entry.objects.filter(action=OPENED, user_id=office.users["elena"].id).count()


# What a clerk writes herself on a party's behalf is her own draft, not the party's data.
RECORDED, OK = "/clerk/record/", 200
