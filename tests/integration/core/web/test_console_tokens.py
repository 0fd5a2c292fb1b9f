"""Access for programs of the caisse's own people."""

from __future__ import annotations

from tests.support.people import PASSWORD
from tests.support.rest import Program

PAGE = "/console/tokens/"


def make(browser, **entered):
    return browser.post(PAGE, {"name": "Réglages", "password": PASSWORD, **entered})


def test_administrators_token_reads_and_sets_the_configuration_until_it_is_ended(office):
    browser = office.browser("gilles")
    made = make(browser)
    caller = Program("ak26.localhost", made.context["fresh"])
    version = caller.get("configuration/deadlines/").json()["version"]
    body = {"value": {"answer_days": 20}, "expected_version": version}
    assert caller.call("put", "configuration/deadlines/", body).status_code == 200
    assert made.context["fresh"] not in browser.get(PAGE).content.decode()
    (token,) = browser.get(PAGE).context["tokens"]
    assert browser.post(f"/console/tokens/{token.id}/revoke/").status_code == 302
    assert caller.get("configuration/deadlines/").status_code == 401


def test_auditors_token_reads_only(office):
    caller = Program("ak26.localhost", make(office.browser("greta")).context["fresh"])
    assert caller.get("configuration/").status_code == 200
    body = {"value": {"answer_days": 20}, "expected_version": 1}
    assert caller.call("put", "configuration/deadlines/", body).status_code == 403


def test_password_is_asked_and_clerks_have_no_such_page(office):
    answer = make(office.browser("gilles"), password="wrong")
    assert (answer.status_code, answer.context["fresh"]) == (422, "")
    assert make(office.browser("elena")).status_code == 404


def test_colleague_cannot_end_it(office):
    make(office.browser("gilles"))
    (token,) = office.browser("gilles").get(PAGE).context["tokens"]
    assert office.browser("greta").get(PAGE).context["tokens"] == []
    assert office.browser("greta").post(f"/console/tokens/{token.id}/revoke/").status_code == 404
