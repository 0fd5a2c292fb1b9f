"""Access for programs of the caisse's own people."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import HASH_SESSION_KEY

from core.accounts.models import Session
from core.kernel import clock
from tenants.scope import tenant_transaction
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


def test_who_has_no_password_proves_otherwise_who_she_is(office):
    browser, gilles = office.browser("gilles"), office.users["gilles"]
    make_passwordless(office, gilles)
    assert 'type="password"' not in browser.get(PAGE).content.decode()
    assert make(browser, password="").context["fresh"]
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert make(browser, name="Zweites").headers["Location"] == "/sign-in/again/"
    assert len(browser.get(PAGE).context["tokens"]) == 1


def make_passwordless(office, user):
    """Take her password, and let her session go on."""
    with tenant_transaction(office.caisse):
        user.set_unusable_password()
        user.save(update_fields=["password"])
        row = Session.objects.get(user=user, ended_at__isnull=True)
        row.data[HASH_SESSION_KEY] = user.get_session_auth_hash()
        row.save(update_fields=["data"])
