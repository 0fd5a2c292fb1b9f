"""Every page of the operators' console: for whom it exists, and for whom it does not."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core.operator.models import Act
from tenants.models import Operator, OperatorSession
from tenants.scope import platform_transaction
from tests.support.browsing import Browser
from tests.support.mailbox import open_office, sign_in
from tests.support.operators import make_operator, sign_in_operator
from tests.support.routes import CAISSE, PLATFORM, list_routes

ANYTHING = {
    name: str(uuid4())
    for name in (
        "operator_id", "passkey_id", "caisse_id", "job_id", "notice_id", "host_id", "export_id", "deletion_id", "grant_id", "part", "token", "number",
    )
}  # fmt: skip


def console_routes():
    return [route for route in list_routes(PLATFORM) if route.policy == "operator"]


def path_of(route):
    known = {name: ANYTHING.get(name, "something") for name in route.parameters}
    return route.path(known)


@pytest.fixture
def platform():
    return Browser(HTTP_HOST="localhost")


def test_console_lies_in_one_place_only():
    public = {"/operator/sign-in/", "/operator/sign-out/"}
    under = [route for route in list_routes(PLATFORM) if route.pattern.startswith("/operator/")]
    open_to_all = {route.pattern for route in under if route.policy == "public"}
    assert public <= open_to_all
    assert {
        path for path in open_to_all - public if not path.startswith(("/operator/sign-in/", "/operator/enrol/"))
    } == set()
    assert not [route for route in list_routes(CAISSE) if route.policy == "operator"]


def check_closed(client):
    for route in console_routes():
        for method in ("get", "post"):
            answer = getattr(client, method)(path_of(route))
            assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (
                302,
                "/operator/sign-in/",
            ), (str(route), method)


def test_who_is_not_signed_in_is_sent_to_the_sign_in(platform):
    check_closed(platform)


def test_key_that_nobody_gave_opens_nothing(platform):
    platform.cookies["relais_operator"] = "a" * 40
    check_closed(platform)


def test_persons_session_at_a_caisse_opens_nothing(caisse, platform):
    office = open_office(caisse)
    platform.cookies["relais_operator"] = sign_in(caisse, office.users["gilles"])
    check_closed(platform)


def test_operators_session_is_nobodys_at_a_caisse(caisse):
    browser = sign_in_operator()
    at_caisse = Browser(HTTP_HOST="ak26.localhost")
    at_caisse.cookies["relais_session"] = browser.cookies["relais_operator"].value
    at_caisse.cookies["relais_operator"] = browser.cookies["relais_operator"].value
    assert at_caisse.get("/console/")["Location"].startswith("/sign-in/")
    assert at_caisse.get("/operator/").status_code == 404


def test_blocked_operator_with_a_live_session_is_out_at_once():
    browser = sign_in_operator()
    assert browser.get("/operator/").status_code == 200
    with platform_transaction():
        Operator.objects.update(state="blocked")
    check_closed(browser)


def test_fragment_says_where_to_sign_in(platform):
    answer = platform.get("/operator/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Relais-Sign-In"].startswith("/operator/sign-in/")) == (401, True)


def test_own_operator_reaches_every_page_that_names_nothing():
    browser = sign_in_operator()
    for route in console_routes():
        if not route.parameters:
            assert browser.get(path_of(route)).status_code in {200, 302, 405}, str(route)


def test_acts_can_be_added_and_read_and_nothing_else():
    make_operator()
    with platform_transaction():
        act = Act.objects.create(at="2026-01-01T00:00Z", action="signed_in", actor_kind="system", actor_name="Test")
        assert OperatorSession.objects.count() == 0
    with pytest.raises(Exception, match="permission denied"), platform_transaction():
        Act.objects.filter(pk=act.pk).update(action="nothing")
    with pytest.raises(Exception, match="permission denied"), platform_transaction():
        Act.objects.filter(pk=act.pk)._raw_delete("default")
