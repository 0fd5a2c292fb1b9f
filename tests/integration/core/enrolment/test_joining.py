"""The public form: number, charter, details, code by e-mail; and what is refused at each step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.accounts.models import Membership
from core.accounts.policy import caisse_today
from core.accounts.upkeep import remove_expired
from core.enrolment import joining
from core.enrolment.errors import ApplicationOpen
from core.enrolment.limits import BEGUN_BY_ADDRESS
from core.enrolment.models import Application
from core.kernel import clock
from tenants.scope import tenant_transaction
from tests.support import enrolment as support
from tests.support.days import days_later
from tests.support.racing import race
from tests.support.terms import publish


def publish_for_today(office):
    """Put another text in force at once, as its publication the day before would have."""
    day = caisse_today(office.caisse)
    with days_later(office.caisse, -1):
        publish(office, day, body="# Autre\n\nAutre texte.")


@pytest.fixture
def france(office):
    support.set_enrolment(
        office.caisse, jurisdiction="fr", ways=["form", "counter"], hand_over=["letter", "slip", "sms"]
    )
    with days_later(office.caisse, -3):
        publish(office, caisse_today(office.caisse))
    with tenant_transaction(office.caisse):
        office.parties["port"] = support.make_company()
    return office


def test_application_is_handed_in_and_waits(france):
    client = france.browser()
    page = support.apply(france.caisse, client)
    assert (page.status_code, page["Location"]) == (302, "/join/sent/")
    found = support.newest(france.caisse)
    assert (found.state, found.number, found.party.name) == ("open", "73282932000074", "Ateliers du Port")
    assert all((found.accepted_at, found.certified_at, found.email_confirmed_at, found.charter_sha256))
    assert found.reference in client.get("/join/sent/").content.decode()
    assert found.reference in support.read_texts(france.caisse)[-1]["text"]
    assert [one["role"] for one in found.people] == ["representative", "delegate", "delegate"]


def test_number_is_read_by_the_jurisdiction(france):
    client = france.browser()
    wrong = client.post("/join/", {"kind": "employer", "number": support.WRONG_SIRET})
    assert wrong.status_code == 422
    assert "annuaire-entreprises" in wrong.content.decode()
    assert client.post("/join/", {"kind": "employer", "number": "12"}).status_code == 422
    assert client.post("/join/", {"kind": "insured", "number": support.SIRET}).status_code == 404


def test_refused_charter_is_kept_and_nothing_else(france):
    client = france.browser()
    client.post("/join/", {"kind": "employer", "number": support.SIRET})
    page = client.post("/join/charter/", {**support.read_charter(client.get("/join/")), "answer": "refuse"})
    assert page.status_code == 200
    found = support.newest(france.caisse)
    assert (found.state, found.people, found.email) == ("declined", [], "")
    assert all((found.accepted_at, found.charter_sha256))
    assert b'id="number"' in client.get("/join/").content


def test_charter_that_changed_while_it_was_read_is_not_accepted(france):
    client = france.browser()
    client.post("/join/", {"kind": "employer", "number": support.SIRET})
    read = support.read_charter(client.get("/join/"))
    publish_for_today(france)
    page = client.post("/join/charter/", {**read, "answer": "accept"})
    assert page.status_code == 409
    assert support.newest(france.caisse).accepted_at is None
    assert support.read_charter(page)["sha256"] != read["sha256"]


def test_charter_that_changed_before_the_code_came_leads_back_to_it(france):
    client = france.browser()
    support.walk_to_code(client)
    publish_for_today(france)
    page = client.post("/join/confirm/", {"code": support.read_code(france.caisse)})
    assert page.status_code == 409
    assert b"/join/charter/" in page.content
    client.post("/join/charter/", {**support.read_charter(page), "answer": "accept"})
    client.post("/join/confirm/", {"again": "1"})
    client.post("/join/confirm/", {"code": support.read_code(france.caisse)})
    assert support.newest(france.caisse).state == "open"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"certified": ""}, "certified"),
        ({"town": ""}, "town"),
        ({"email": "nobody"}, "email"),
        ({"delegate-1-mobile": "12"}, "mobile"),
        ({"delegate-2-given_name": "Karim", "delegate-2-family_name": "Paie"}, "delegate"),
        ({"representative-family_name": ""}, "representative"),
    ],
)
def test_entries_that_are_missing_or_wrong_stay_on_the_page(france, change, word):
    client = france.browser()
    client.post("/join/", {"kind": "employer", "number": support.SIRET})
    client.post("/join/charter/", {**support.read_charter(client.get("/join/")), "answer": "accept"})
    page = client.post("/join/details/", {**support.DETAILS, **change})
    assert page.status_code == 422
    assert 'value="Quai 1"' in page.content.decode()
    assert support.newest(france.caisse).certified_at is None


def test_number_unknown_taken_or_applied_for_already(france):
    unknown = support.apply(france.caisse, france.browser(), support.OTHER_SIRET)
    assert (unknown.status_code, support.newest(france.caisse).state) == (422, "draft")
    first, second = france.browser(), france.browser()
    support.apply(france.caisse, first)
    again = support.apply(france.caisse, second)
    assert again.status_code == 409
    with tenant_transaction(france.caisse):
        assert Application.objects.filter(state="open").count() == 1
        Application.objects.filter(state="open").update(state="refused", reason="x")
        member = Membership.objects.get(user=france.users["hugo"])
        member.party = france.parties["port"]
        member.save()
    taken = support.apply(france.caisse, france.browser())
    assert (taken.status_code, support.newest(france.caisse).state) == (409, "draft")


def test_unknown_number_waits_where_the_caisse_takes_it(france):
    support.set_enrolment(france.caisse, ways=["form"], must_be_known=False)
    assert support.apply(france.caisse, france.browser(), support.OTHER_SIRET).status_code == 302
    assert support.newest(france.caisse).party is None


def test_code_is_counted_and_belongs_to_its_application(france):
    client, other = france.browser(), france.browser()
    support.walk_to_code(client)
    code = support.read_code(france.caisse)
    wrong = "000000" if code != "000000" else "111111"
    assert [client.post("/join/confirm/", {"code": wrong}).status_code for _ in range(5)] == [422] * 5
    assert client.post("/join/confirm/", {"code": code}).status_code == 422
    support.walk_to_code(other)
    assert other.post("/join/confirm/", {"code": code}).status_code == 422
    assert support.newest(france.caisse).state == "draft"


def test_one_address_begins_only_so_many(france):
    client = france.browser()
    for _ in range(BEGUN_BY_ADDRESS.allowed):
        assert client.post("/join/", {"kind": "employer", "number": "12"}).status_code == 422
    assert client.post("/join/", {"kind": "employer", "number": support.SIRET}).status_code == 429


def test_two_at_once_hand_in_once(france):
    ids = []
    for _ in range(2):
        client = france.browser()
        support.walk_to_code(client)
        ids.append(support.newest(france.caisse).id)
    with tenant_transaction(france.caisse):
        Application.objects.filter(id__in=ids).update(email_confirmed_at=clock.now())
    run = [lambda one=one: joining.submit_application(caisse=france.caisse, application_id=one) for one in ids]
    found = race(france.caisse, *run)
    assert sum(isinstance(one, ApplicationOpen) for one in found) == 1
    with tenant_transaction(france.caisse):
        assert Application.objects.filter(state="open").count() == 1


def test_closed_way_does_not_exist(office):
    support.set_enrolment(office.caisse, ways=["invitation"])
    for path in ("/join/", "/join/sent/", "/private/"):
        assert office.browser().get(path).status_code in {302, 404}, path
    assert office.browser().post("/join/", {"number": "1"}).status_code == 404
    assert office.browser().post("/private/", {"number": "1"}).status_code == 404


def test_old_drafts_go(france):
    client = france.browser()
    support.walk_to_code(client)
    with clock.travel(clock.now() + timedelta(days=8)), tenant_transaction(france.caisse):
        remove_expired()
        assert not Application.objects.exists()
