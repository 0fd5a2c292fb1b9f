"""A password from a letter: valid for some days, good for one sign-in, and replaced before that is complete."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password

from core.accounts.errors import AccountClosed
from core.accounts.models import ApiToken, EnrolledFactor, OneTimeCode, Session, TrustedDevice, User
from core.accounts.passwords import issue_provisional_password
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.support.configuring import set_section
from tests.support.factors import code_of, make_device, wrong_code_of
from tests.support.people import PASSWORD, give_password, make_user, read_code

ACTOR = Actor.system("test")
FIRST = "/sign-in/mobile/"
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


@pytest.fixture
def at_first_factor(caisse, anne, browser):
    """She came with a password from a letter, has no second factor, and is asked for one."""
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(mobile="")
        anne.refresh_from_db()
    assert give_password(browser, password=issue(caisse, anne))["Location"] == FIRST
    return anne


def methods_of(caisse, user):
    with tenant_transaction(caisse):
        live = Session.objects.get(user=user, ended_at=None)
    return set(live.methods), live.assurance_level


def test_an_app_may_be_set_up_instead_of_a_mobile(caisse, at_first_factor, browser):
    page = browser.get(f"{FIRST}?way=totp")
    offer = page.context["offer"]
    assert [name for name, _ in browser.get(FIRST).context["others"]] == ["passkey", "totp"]
    form = {"way": "totp", "sealed": offer.sealed, "label": "Phone"}
    wrong = browser.post(FIRST, form | {"code": wrong_code_of(offer.secret)})
    assert (wrong.status_code, wrong.context["offer"].secret) == (422, offer.secret)
    assert browser.post(FIRST, form | {"code": code_of(offer.secret)})["Location"] == "/sign-in/own-password/"
    assert count_sessions(caisse) == 0
    assert choose(browser)["Location"] == "/"
    assert methods_of(caisse, at_first_factor) == ({"password", "totp"}, 3)
    with tenant_transaction(caisse):
        assert EnrolledFactor.objects.get(user=at_first_factor).kind == "totp"
        assert User.objects.get(id=at_first_factor.id).mobile == ""


def test_a_passkey_may_be_set_up_where_the_caisse_has_no_sms(caisse, at_first_factor, browser):
    with tenant_transaction(caisse):
        set_section("sign_in", factors=("passkey", "totp"))
    page = browser.get(FIRST)
    assert (page.context["way"], page.context["with_sms"]) == ("passkey", False)
    assert browser.post(FIRST, {"mobile": "079 000 00 98"}).status_code == 404
    answer = make_device().set_up(browser.get(f"{FIRST}challenge/").json())
    assert browser.post(FIRST, answer | {"way": "passkey", "label": "Key"})["Location"] == "/sign-in/own-password/"
    assert choose(browser)["Location"] == "/"
    assert methods_of(caisse, at_first_factor) == ({"password", "passkey"}, 4)


def test_factor_that_the_caisse_does_not_offer_is_not_set_up(caisse, at_first_factor, browser):
    with tenant_transaction(caisse):
        set_section("sign_in", factors=("sms", "totp"))
    assert browser.get(f"{FIRST}challenge/").status_code == 404
    assert browser.post(FIRST, {"way": "passkey", "credential": "{}", "state": ""}).status_code == 404
    assert count_sessions(caisse) == 0


def test_challenge_is_for_who_is_asked_for_a_factor_alone(caisse, anne, browser):
    assert browser.get(f"{FIRST}challenge/")["Location"] == "/sign-in/"
    with tenant_transaction(caisse):
        assert not EnrolledFactor.objects.exists()
