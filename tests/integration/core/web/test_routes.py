"""Every page of the URL tables: its policy, and what it answers to whom it is not for."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from core.accounts.models import Mandate, StaffMember
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.mailbox import sign_in
from tests.support.routes import CAISSE, PLATFORM, build_scene, list_routes, pages

POLICIES = {"public", "signed_in", "person", "party", "desk", "writer", "console", "operator"}
PLACES = {"/me/": "person", "/clerk/": "desk", "/console/": "console", "/p/": "party"}
METHODS = ("get", "post")
ABOUT_ONE_THING = {"message_id", "document_id"}
NEEDS_A_WORKBOOK = "marked.xlsx"
# Pages of what the scene has not: a person's party, a charter signed on paper, a provider elsewhere.
NOT_HERE = {
    "/p/<uuid:party>/opened/", "/p/<uuid:party>/opened/export.xlsx",
    "/clerk/applications/<uuid:application_id>/paper/", "/me/openid/link/",
    "/sign-in/again/certificate/", "/sign-in/again/openid/",
}  # fmt: skip
SEARCHED_BY_POST = {
    "/clerk/mandates/", "/clerk/mandates/export.xlsx",
    "/clerk/", "/clerk/export.xlsx", "/clerk/m/<uuid:message_id>/rows/", "/clerk/parties/", "/clerk/parties/export.xlsx",
    "/clerk/search/", "/clerk/search/export.xlsx", "/clerk/incidents/", "/clerk/incidents/export.xlsx",
    "/clerk/applications/", "/clerk/applications/applications.xlsx",
}  # fmt: skip


@pytest.fixture
def scene(office):
    return build_scene(office)


def answers(client, routes, values, **extra):
    """Return the status of every route for both methods."""
    return {
        (str(route), method): getattr(client, method)(route.path(values), **extra).status_code
        for route in routes
        for method in METHODS
    }


def about(messages, routes):
    """Yield each message with the routes to ask for it: all for the first, then those that name it, the rest being the same."""
    for number, message in enumerate(messages):
        yield message, [route for route in routes if number == 0 or "message_id" in route.parameters]


def others(found, *expected):
    """Return what was answered otherwise than expected."""
    return {key: status for key, status in found.items() if status not in expected}


@pytest.mark.parametrize("urlconf", [CAISSE, PLATFORM])
def test_every_page_states_its_policy(urlconf):
    unstated = [str(route) for route in list_routes(urlconf) if not route.is_rest and route.stated not in POLICIES]
    assert unstated == []


def test_address_and_policy_agree():
    """What names a party is the party's, what lies under /clerk/ is the desk's, nothing else is either."""
    for route in pages():
        wanted = next((policy for place, policy in PLACES.items() if route.pattern.startswith(place)), None)
        assert route.policy == wanted or (wanted is None and route.policy in {"public", "signed_in", "person"}), str(
            route
        )


def test_platform_shows_nothing_of_a_caisse():
    assert {route.policy for route in list_routes(PLATFORM)} == {"public", "operator"}
    assert [
        route.pattern
        for route in list_routes(PLATFORM)
        if route.policy == "operator" and not route.pattern.startswith("/operator/")
    ] == []


def test_who_is_not_signed_in_is_sent_to_sign_in(office, scene):
    browser = office.browser()
    for route in [*pages("party"), *pages("desk"), *pages("console"), *pages("signed_in"), *pages("person")]:
        for method in METHODS:
            answer = getattr(browser, method)(route.path(scene.values_of(scene.draft)))
            assert (answer.status_code, answer.get("Location", "")[:9]) == (302, "/sign-in/"), str(route)


def test_fragment_of_who_is_not_signed_in_keeps_its_page(office, scene):
    browser = office.browser()
    for route in pages("party"):
        answer = browser.post(route.path(scene.values_of(scene.draft)), headers={"HX-Request": "true"})
        assert (answer.status_code, "X-Relais-Sign-In" in answer.headers) == (401, True), str(route)


@pytest.mark.parametrize(
    ("name", "policy", "known"),
    [
        ("anne", "party", ("draft", "sent")),
        ("elena", "desk", ("sent", "recorded")),
        ("gilles", "console", ("sent",)),
        ("hugo", "person", ("sent",)),
    ],
)
def test_own_people_reach_every_page(office, scene, name, policy, known):
    """The scene's parameters lead somewhere: otherwise the refusals below would prove nothing."""
    browser = office.browser(name)
    for route in pages(policy):
        if route.pattern in NOT_HERE or route.pattern.endswith(NEEDS_A_WORKBOOK):
            continue
        paths = {route.path(scene.values_of(getattr(scene, one))) for one in known}
        found = {browser.get(path).status_code for path in paths}
        assert found & {200, 302, 405}, (str(route), found)


@pytest.mark.parametrize("name", ["hugo", "dario", "elena", "greta", "nobody"])
def test_portal_does_not_exist_for_who_has_no_seat(office, scene, name):
    before, browser = scene.snapshot(), office.browser(name)
    for message, routes in about((scene.draft, scene.sent), pages("party")):
        assert others(answers(browser, routes, scene.values_of(message)), 404) == {}
    assert scene.snapshot() == before


@pytest.mark.parametrize("name", ["anne", "claire", "hugo", "nobody"])
def test_desk_does_not_exist_for_who_does_not_work_there(office, scene, name):
    before, browser = scene.snapshot(), office.browser(name)
    for message, routes in about((scene.sent, scene.recorded), pages("desk")):
        assert others(answers(browser, routes, scene.values_of(message)), 404) == {}
    assert scene.snapshot() == before


@pytest.mark.parametrize("name", ["anne", "claire", "elena", "nobody"])
def test_console_does_not_exist_for_who_does_not_administer(office, scene, name):
    assert others(answers(office.browser(name), pages("console"), scene.values_of(scene.sent)), 404) == {}


def test_own_seat_leads_to_no_foreign_thing(office, scene):
    """Who has a seat elsewhere asks for the factory's things under her own party's address."""
    before, browser = scene.snapshot(), office.browser("hugo")
    values = scene.values_of(scene.draft) | {"party": office.parties["elsewhere"].id}
    routes = [route for route in pages("party") if {*ABOUT_ONE_THING, "token_id"} & set(route.parameters)]
    for message, named in about((scene.draft, scene.sent), routes):
        check_not_found(browser, named, values | {"message_id": message.id})
    assert scene.snapshot() == before


def check_not_found(browser, routes, values):
    """Each route answers 404; the method that it does not know may be named instead."""
    found = answers(browser, routes, values)
    assert others(found, 404, 405) == {}
    for route in routes:
        assert 404 in {found[str(route), method] for method in METHODS}, str(route)


@pytest.mark.parametrize("name", ["beat", "claire"])
def test_thing_of_another_theme_does_not_exist(office, scene, name):
    """Beat's membership, and now the fiduciary's mandate, name the other theme only."""
    with tenant_transaction(office.caisse):
        Mandate.objects.filter(acting_party=office.parties["firm"]).update(themes=["employees"])
    before, browser = scene.snapshot(), office.browser(name)
    routes = [route for route in pages("party") if {*ABOUT_ONE_THING, "theme"} & set(route.parameters)]
    for message, named in about((scene.draft, scene.sent), routes):
        check_not_found(browser, named, scene.values_of(message))
    assert scene.snapshot() == before


def test_clerk_without_the_theme_finds_nothing_of_it(office, scene):
    before, browser = scene.snapshot(), office.browser("felix")
    routes = [route for route in pages("desk") if ABOUT_ONE_THING & set(route.parameters)]
    for message, named in about((scene.sent, scene.recorded), routes):
        check_not_found(browser, named, scene.values_of(message))
    assert scene.snapshot() == before


def test_partys_draft_does_not_exist_at_the_desk(office, scene):
    before, browser = scene.snapshot(), office.browser("elena")
    routes = [route for route in pages("desk") if "message_id" in route.parameters]
    check_not_found(browser, routes, scene.values_of(scene.draft))
    assert scene.snapshot() == before


def test_what_a_clerk_is_recording_does_not_exist_in_the_portal(office, scene):
    before, browser = scene.snapshot(), office.browser("anne")
    routes = [route for route in pages("party") if "message_id" in route.parameters]
    check_not_found(browser, routes, scene.values_of(scene.recorded))
    assert scene.snapshot() == before


def test_auditor_reads_all_and_changes_nothing(office, scene):
    before, browser = scene.snapshot(), office.browser("greta")
    for message, routes in about((scene.sent, scene.recorded), pages("desk")):
        found = answers(browser, routes, scene.values_of(message))
        assert found["/clerk/m/<uuid:message_id>/", "get"] == 200
        written = {key: status for key, status in found.items() if key[1] == "post" and key[0] not in SEARCHED_BY_POST}
        assert others(written, 403, 404, 405, 422) == {}
    assert scene.snapshot() == before


def test_desk_needs_two_factors(office, scene):
    browser = office.browser("elena", "password")
    for route in pages("desk"):
        for method in METHODS:
            answer = getattr(browser, method)(route.path(scene.values_of(scene.sent)))
            assert (answer.status_code, answer.get("Location")) == (302, "/sign-in/again/"), str(route)


def test_staff_whose_time_is_over_is_staff_no_more(office, scene):
    with tenant_transaction(office.caisse):
        StaffMember.objects.update(valid_until="2020-02-01")
    assert others(answers(office.browser("elena"), pages("desk"), scene.values_of(scene.sent)), 404) == {}


def test_person_of_another_caisse_finds_nothing(office, other_office, scene):
    """Neither with her cookie at this caisse, where it is nobody's, nor with these addresses at her own."""
    before = scene.snapshot()
    foreign = Browser(HTTP_HOST="ak26.localhost")
    foreign.cookies["relais_session"] = sign_in(other_office.caisse, other_office.users["anne"])
    assert others(answers(foreign, pages("party"), scene.values_of(scene.draft)), 302) == {}
    at_home = other_office.browser("anne")
    assert others(answers(at_home, pages("party"), scene.values_of(scene.draft)), 404) == {}
    own_party = scene.values_of(scene.draft) | {"party": other_office.parties["factory"].id}
    routes = [route for route in pages("party") if {*ABOUT_ONE_THING, "token_id"} & set(route.parameters)]
    check_not_found(at_home, routes, own_party)
    clerk = other_office.browser("elena")
    routes = [route for route in pages("desk") if ABOUT_ONE_THING & set(route.parameters)]
    check_not_found(clerk, routes, scene.values_of(scene.sent))
    assert scene.snapshot() == before


def test_error_pages_of_both_tables_are_ours():
    for urlconf in (CAISSE, PLATFORM):
        resolver = get_resolver(urlconf)
        for status in (400, 403, 404, 500):
            assert resolver.resolve_error_handler(status).__module__ == "core.web.views.errors"
