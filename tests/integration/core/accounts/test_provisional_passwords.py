"""A password from a letter: valid for some days, good for one sign-in, and replaced before that is complete."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password

from core.accounts.errors import AccountClosed
from core.accounts.models import ApiToken, OneTimeCode, Session, TrustedDevice, User
from core.accounts.passwords import issue_provisional_password
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.support.people import PASSWORD, give_password, make_user, read_code

ACTOR = Actor.system("test")
OWN = "mésange bleue 7 lacs"


def issue(caisse, user, **values):
    with tenant_transaction(caisse):
        return issue_provisional_password(actor=ACTOR, user=user, **values)


def enter(browser, caisse, password):
    assert give_password(browser, password=password).status_code == 302
    return browser.post("/sign-in/code/", {"code": read_code(caisse)})


def choose(browser, password=OWN, again=None):
    return browser.post("/sign-in/own-password/", {"password": password, "again": again or password})


def count_sessions(caisse):
    with tenant_transaction(caisse):
        return Session.objects.filter(user__isnull=False, ended_at=None).count()


def test_first_sign_in_asks_for_an_own_password_before_it_is_complete(caisse, anne, browser):
    given = issue(caisse, anne)
    assert enter(browser, caisse, given)["Location"] == "/sign-in/own-password/"
    assert count_sessions(caisse) == 0
    assert browser.get("/").status_code == 302
    page = browser.get("/sign-in/own-password/").content.decode()
    assert "12" in page
    answer = choose(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/")["Location"].startswith("/p/")
    assert count_sessions(caisse) == 1
    with tenant_transaction(caisse):
        user = User.objects.get(id=anne.id)
        assert (user.password_must_change, user.password_expires_at) == (False, None)
        done = list(Entry.objects.filter(object_type="user").order_by("at", "id").values_list("action", flat=True))
    assert done == ["provisional_password_issued", "code_sent", "password_chosen", "signed_in"]


def test_neither_the_old_nor_the_provisional_password_counts_afterwards(caisse, anne, browser):
    given = issue(caisse, anne)
    assert give_password(browser).status_code == 422
    enter(browser, caisse, given)
    choose(browser)
    browser.post("/sign-out/")
    assert give_password(browser, password=given).status_code == 422
    assert give_password(browser, password=OWN).status_code == 302


@pytest.mark.parametrize(("password", "again"), [("kurz", "kurz"), (OWN, "other"), ("password12345", "password12345")])
def test_choice_against_the_rules_is_refused_and_the_step_stays(caisse, anne, browser, password, again):
    enter(browser, caisse, issue(caisse, anne))
    assert choose(browser, password, again).status_code == 422
    assert count_sessions(caisse) == 0
    assert choose(browser).status_code == 302


def test_provisional_password_itself_is_no_choice(caisse, anne, browser):
    given = issue(caisse, anne)
    enter(browser, caisse, given)
    assert choose(browser, given).status_code == 422


def test_after_its_days_it_opens_nothing_and_the_page_says_what_to_do(caisse, anne, browser):
    given = issue(caisse, anne, days=30)
    with clock.travel(clock.now() + timedelta(days=30, seconds=1)):
        answer = give_password(browser, password=given)
        assert answer.status_code == 403
        assert "lettre" in answer.content.decode()
        assert give_password(browser, password="wrong").status_code == 422


def test_of_two_windows_with_the_same_letter_one_wins(caisse, anne, browser, client):
    given = issue(caisse, anne)
    client.defaults["HTTP_HOST"] = "ak26.localhost"
    enter(browser, caisse, given)
    enter(client, caisse, given)
    assert choose(browser).status_code == 302
    assert choose(client, "another long sentence")["Location"] == "/sign-in/"
    assert count_sessions(caisse) == 1


def test_who_skips_the_factor_does_not_reach_the_choice(caisse, anne, browser):
    give_password(browser, password=issue(caisse, anne))
    assert choose(browser)["Location"] == "/sign-in/"
    with tenant_transaction(caisse):
        assert User.objects.get(id=anne.id).password_must_change


def test_issuing_opens_an_account_that_waited_and_ends_what_was_open(caisse, anne, browser):
    enter(browser, caisse, PASSWORD)
    now = clock.now()
    with tenant_transaction(caisse):
        waiting = make_user("waiting", state="invited")
        TrustedDevice.objects.create(
            key_hash="x", user=anne, created_at=now, last_used_at=now, expires_at=now + timedelta(days=1)
        )
    issue(caisse, anne)
    issue(caisse, waiting)
    assert count_sessions(caisse) == 0
    with tenant_transaction(caisse):
        assert User.objects.get(id=waiting.id).state == "active"
        assert not TrustedDevice.objects.filter(revoked_at=None).exists()
        assert not OneTimeCode.objects.filter(user=anne, used_at=None, revoked_at=None).exists()
        assert not ApiToken.objects.exists()


@pytest.mark.parametrize("state", ["blocked", "left"])
def test_closed_account_gets_none(caisse, state):
    with tenant_transaction(caisse):
        closed = make_user("closed", state=state)
    with pytest.raises(AccountClosed):
        issue(caisse, closed)


def test_sign_in_under_way_ends_with_the_password_it_began_with(caisse, anne, browser):
    give_password(browser)
    code = read_code(caisse)
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(password=make_password(OWN))
    assert browser.post("/sign-in/code/", {"code": code}).status_code == 409
    assert count_sessions(caisse) == 0


def test_who_has_no_second_factor_yet_gets_one_at_the_first_sign_in(caisse, anne, browser):
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(mobile="")
        anne.refresh_from_db()
    assert give_password(browser).status_code == 403
    assert give_password(browser, password=issue(caisse, anne))["Location"] == "/sign-in/mobile/"
    assert choose(browser)["Location"] == "/sign-in/"
    assert browser.post("/sign-in/mobile/", {"mobile": "12"}).status_code == 422
    assert browser.post("/sign-in/mobile/", {"mobile": "079 000 00 98"})["Location"] == "/sign-in/mobile/"
    page = browser.get("/sign-in/mobile/").content.decode()
    assert "98" in page
    assert "+41790000098" not in page
    assert browser.post("/sign-in/mobile/", {"change": "1"}).status_code == 302
    assert 'id="mobile"' in browser.get("/sign-in/mobile/").content.decode()
    browser.post("/sign-in/mobile/", {"mobile": "079 000 00 99"})
    assert browser.post("/sign-in/mobile/", {"code": "000000x"}).status_code == 422
    answer = browser.post("/sign-in/mobile/", {"code": read_code(caisse)})
    assert answer["Location"] == "/sign-in/own-password/"
    assert choose(browser)["Location"] == "/"
    with tenant_transaction(caisse):
        live = Session.objects.get(user=anne, ended_at=None)
        assert User.objects.get(id=anne.id).mobile == "+41790000099"
    assert (set(live.methods), live.assurance_level) == ({"password", "sms_code"}, 2)
