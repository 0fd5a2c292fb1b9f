"""A database that is away, or breaks off: every page and every REST address says so, and nothing stays broken."""

from __future__ import annotations

import pytest
from django.db import connection

from core.configuration import configuration
from tenants import hosts, listening
from tests.integration.tenants.support import wait_until
from tests.support.away import away, gone_after
from tests.support.rest import PROBLEM, program
from tests.support.routes import build_scene, pages, rest

ACTIVATION = ("email", "email/confirm", "names", "password", "mobile", "confirm", "factor")
FROM_MEMORY = {
    ("/health/live", "get"): 200,
    ("/health/live", "post"): 200,
    ("/branding/<slug:version>.css", "get"): 200,
    ("/check/trust-list.json", "get"): 200,
    ("/language/", "post"): 302,
    ("/announcements/put-away/", "post"): 302,
    ("/sign-in/passkey/challenge/", "get"): 200,
    # Without a code typed before, each step of an activation leads to its beginning.
    **{(f"/activate/{step}/", "get"): 302 for step in ACTIVATION},
}
NOTHING_IS_LOST = {
    "fr": "Rien de ce que vous avez saisi n’est perdu",
    "de": "Nichts von Ihren Eingaben ist verloren",
    "it": "Nulla di quanto ha inserito è perso",
    "en": "Nothing you entered is lost",
}
FRAME = 'class="foot"'


@pytest.fixture
def scene(office):
    return build_scene(office)


@pytest.fixture
def browse(office):
    """Return a function that gives somebody's browser, to which errors are pages as they are to people."""

    def begin(name="anne", language="en"):
        browser = office.browser(name, HTTP_ACCEPT_LANGUAGE=language, raise_request_exception=False)
        assert browser.get("/").status_code == 302
        return browser

    return begin


def check_said(answer, language="en", *, framed=True):
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    text = answer.content.decode()
    assert NOTHING_IS_LOST[language] in text
    assert (FRAME in text) == framed
    assert "relais_session" not in answer.cookies


@pytest.mark.parametrize("name", ["anne", "elena", "gilles"])
def test_every_page_says_so_in_the_caisses_frame(browse, scene, name):
    browser = browse(name)
    with away():
        for route in pages():
            for method in ("get", "post"):
                answer = getattr(browser, method)(route.path(scene.values_of(scene.draft)))
                if answer.status_code != 503:
                    assert answer.status_code == FROM_MEMORY.get((str(route), method), 405), f"{method} {route}"
                elif route.pattern != "/health/ready":
                    check_said(answer)
    assert browser.get("/").status_code == 302
    assert browser.get(browser.get("/")["Location"]).status_code == 200


def test_every_rest_address_answers_with_a_problem(office, scene):
    anne = program(office, office.actor())
    with away():
        for route in rest():
            answer = anne.call("get", route.path(scene.values_of(scene.draft)))
            if answer.status_code == 405:
                answer = anne.call("post", route.path(scene.values_of(scene.draft)), {})
            if answer.status_code == 405:
                answer = anne.call("delete", route.path(scene.values_of(scene.draft)))
            assert (answer.status_code, answer["Content-Type"]) == (503, PROBLEM), str(route)
            assert (answer.json()["code"], answer["Retry-After"]) == ("unavailable", "30"), str(route)
    assert anne.call("get", "/api/v1/messages/").status_code == 200


@pytest.mark.parametrize("language", NOTHING_IS_LOST)
def test_it_is_said_in_her_language_also_where_the_frame_cannot_be_read(browse, caisse, language):
    browser = browse("anne", language)
    with away():
        check_said(browser.get("/"), language)
        configuration.forget()
        check_said(browser.get("/"), language, framed=False)
        browser.cookies["relais_language"] = "it"
        check_said(browser.get("/"), "it", framed=False)


def test_process_that_has_never_seen_the_database_says_so(browse):
    browser = browse()
    listening.stop()
    hosts.forget()
    with away():
        check_said(browser.get("/"))
    # Who listens tries again after a pause, which has grown to seconds.
    wait_until(lambda: browser.get("/").status_code == 302, seconds=60)


@pytest.mark.parametrize("place", ["", "inbox/", "m/{}/edit/", "m/{}/rows/", "m/{}/review/", "dossier/employees/"])
def test_database_that_breaks_off_in_the_middle_leaves_nothing_broken(browse, office, scene, database, place):
    browser, path = browse(), office.url(place.format(scene.draft.id))
    broke_off = 0
    for number in range(1, 60):
        with gone_after(number, database) as seen:
            answer = browser.get(path)
        if len(seen) < number:
            break
        check_said(answer)
        broke_off += 1
        assert connection.connection is None or not connection.connection.closed
        assert browser.get(path).status_code == 200
    assert answer.status_code == 200
    assert broke_off >= 3


def test_what_was_sent_when_it_broke_off_is_stored_whole_or_not_at_all(browse, office, scene, database):
    browser = browse()
    path = office.url(f"m/{scene.draft.id}/edit/")
    for number in range(1, 60):
        values = {"revision": _revision(browser, path), "year": "2024", "accident_insurer": f"Suva {number}"}
        with gone_after(number, database) as seen:
            answer = browser.post(path, values, headers={"X-Relais-Autosave": "1"})
        if len(seen) < number:
            break
        assert answer.status_code == 503
        stored = f"Suva {number}" in browser.get(path).content.decode()
        assert _revision(browser, path) == (values["revision"] + stored)
    assert answer.status_code == 200


def _revision(browser, path):
    return int(browser.get(path).context["message"].revision)


@pytest.mark.parametrize(
    ("referer", "retry"),
    [
        ("http://ak26.localhost/p/x/?a=1", "/p/x/?a=1"),
        ("http://evil.example/p/x/", "/"),
        ("http://ak26.localhost//evil.example/", "/evil.example/"),
        ("", "/"),
    ],
)
def test_trying_again_leads_to_the_page_that_held_the_form(browse, office, scene, referer, retry):
    browser = browse()
    path = office.url(f"m/{scene.draft.id}/edit/")
    with away():
        assert f'href="{path}?a=1"' in browser.get(f"{path}?a=1").content.decode()
        assert f'btn-primary" href="{retry}"' in browser.post(path, HTTP_REFERER=referer).content.decode()
