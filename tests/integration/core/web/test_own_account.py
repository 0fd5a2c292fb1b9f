"""What somebody changes of her own account: password, name, e-mail, mobile, remembered browsers, and her data."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.accounts.models import Session, TrustedDevice, User
from core.audit.models import Entry
from core.configuration.sections import OpenIdSection, SignInSection
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.integration.core.accounts.test_forgotten import mails
from tests.support.browsing import Browser
from tests.support.factors import code_of, give_app
from tests.support.people import PASSWORD, give_password, make_user, read_code

HOST = "ak26.localhost"
NEW = "mésange bleue 7 lacs"


def change(browser, present=PASSWORD, password=NEW, again=None):
    form = {"present": present, "password": password, "again": again or password}
    return browser.post("/me/password/", form)


def anne_of(office):
    with tenant_transaction(office.caisse):
        return User.objects.get(id=office.users["anne"].id)


def set_policy(office, **values):
    with tenant_transaction(office.caisse):
        change_sections(actor=Actor.system("test"), sections=[SignInSection(**values)])


def test_new_password_ends_all_that_is_open_elsewhere(office):
    here, elsewhere = office.browser("anne"), office.browser("anne")
    now = clock.now()
    with tenant_transaction(office.caisse):
        TrustedDevice.objects.create(
            key_hash="x",
            user=office.users["anne"],
            created_at=now,
            last_used_at=now,
            expires_at=now + timedelta(days=1),
        )
    before = {cookie.value for cookie in here.cookies.values()}
    assert change(here)["Location"] == "/me/"
    assert here.get("/me/").status_code == 200
    assert not before & {cookie.value for cookie in here.cookies.values()}
    assert elsewhere.get("/me/").status_code == 302
    with tenant_transaction(office.caisse):
        assert Session.objects.filter(user=office.users["anne"], ended_at=None).count() == 1
        assert not TrustedDevice.objects.filter(revoked_at=None).exists()
        assert Entry.objects.filter(action="password_changed").count() == 1
    told = mails(office.caisse)[-1]
    assert told["to"] == "anne@example.ch"
    assert NEW not in told["text"]
    assert give_password(Browser(HTTP_HOST=HOST), password=NEW).status_code == 302


@pytest.mark.parametrize(
    "values",
    [
        {"present": "wrong"},
        {"password": "kurz"},
        {"again": "other"},
        {"password": PASSWORD},
        {"password": "Sommer2026!!"},
    ],
)
def test_refused_change_leaves_everything(office, values):
    browser = office.browser("anne")
    before = anne_of(office).password
    assert change(browser, **values).status_code == 422
    assert anne_of(office).password == before


def test_present_password_is_not_to_be_guessed_here(office):
    browser = office.browser("anne")
    for _ in range(10):
        assert change(browser, present="wrong").status_code == 422
    assert change(browser).status_code == 429


def test_rules_stand_on_the_page_before_anybody_types(office):
    set_policy(office, password_length=13, password_classes="advice")
    page = office.browser("anne").get("/me/password/").content.decode()
    assert "13" in page
    assert 'id="password-advice"' in page
    set_policy(office, password_classes="rule")
    assert 'id="password-advice"' not in office.browser("anne").get("/me/password/").content.decode()


def test_reminder_reminds_and_forces_nobody(office):
    with tenant_transaction(office.caisse):
        User.objects.update(password_changed_at=clock.now() - timedelta(days=200))
    assert "alert-info" not in office.browser("anne").get("/me/password/").content.decode()
    set_policy(office, password_reminder_months=6)
    browser = office.browser("anne")
    assert "alert-info" in browser.get("/me/password/").content.decode()
    assert browser.get("/me/").status_code == 200


def test_name_and_language_are_saved(office):
    browser = office.browser("anne")
    form = {"given_name": " Anne  Marie ", "family_name": "Muster", "language": "de"}
    assert browser.post("/me/profile/", form)["Location"] == "/me/profile/"
    user = anne_of(office)
    assert (user.given_name, user.family_name, user.language) == ("Anne Marie", "Muster", "de")
    assert browser.post("/me/profile/", form | {"family_name": " "}).status_code == 422


def ask_email(office, browser, to="new@example.ch"):
    assert browser.post("/me/profile/email/", {"to": to})["Location"] == "/me/profile/email/code/"
    found = [mail for mail in mails(office.caisse) if mail["to"] == to]
    return re.findall(r"\b\d{6}\b", found[-1]["text"])[0]


def test_email_counts_once_its_code_was_typed_and_the_old_one_is_told(office):
    browser = office.browser("anne")
    code = ask_email(office, browser)
    assert anne_of(office).contact_email == "anne@example.ch"
    assert browser.post("/me/profile/email/code/", {"code": "000000x"}).status_code == 422
    assert browser.post("/me/profile/email/code/", {"code": code})["Location"] == "/me/profile/"
    user = anne_of(office)
    assert (user.contact_email, user.sign_in_name) == ("new@example.ch", "new@example.ch")
    assert mails(office.caisse)[-1]["to"] == "anne@example.ch"
    assert browser.get("/me/").status_code == 200


def test_name_of_somebody_else_is_not_taken_over(office):
    with tenant_transaction(office.caisse):
        make_user("new", contact_email="other@example.ch")
    browser = office.browser("anne")
    browser.post("/me/profile/email/code/", {"code": ask_email(office, browser)})
    user = anne_of(office)
    assert (user.contact_email, user.sign_in_name) == ("new@example.ch", "anne@example.ch")


def test_mobile_counts_once_its_code_was_typed(office):
    browser = office.browser("anne")
    assert browser.post("/me/profile/mobile/", {"to": "079 000 00 99"})["Location"] == "/me/profile/mobile/code/"
    code = read_code(office.caisse)
    assert anne_of(office).mobile == "+41790000001"
    assert browser.post("/me/profile/mobile/code/", {"code": code})["Location"] == "/me/profile/"
    assert anne_of(office).mobile == "+41790000099"
    assert mails(office.caisse)[-1]["to"] == "anne@example.ch"
    assert browser.post("/me/profile/mobile/", {"to": "12"}).status_code == 422


@pytest.mark.parametrize("path", ["/me/profile/email/", "/me/profile/mobile/", "/me/profile/email/code/"])
def test_who_sits_there_is_asked_before_the_way_to_her_changes(office, path):
    browser = office.browser("anne")
    with clock.travel(clock.now() + timedelta(minutes=11)):
        for answer in (browser.get(path), browser.post(path, {"to": "x@example.ch", "code": "1"})):
            assert answer["Location"].startswith("/sign-in/again/")


def test_own_data_comes_as_a_file_without_secrets(office):
    browser = office.browser("anne")
    answer = browser.post("/me/profile/data/file/")
    data = answer.json()
    assert "attachment" in answer["Content-Disposition"]
    assert data["account"]["sign_in_name"] == "anne@example.ch"
    assert data["companies"]
    assert data["sessions"]
    assert "argon2" not in answer.content.decode()
    assert "hash" not in answer.content.decode()


def enter(browser, office, remember=None):
    """Sign in; answer the last question; return the last answer."""
    give_password(browser)
    answer = browser.post("/sign-in/code/", {"code": read_code(office.caisse)})
    if remember is not None:
        assert answer["Location"] == "/sign-in/remember/"
        answer = browser.post("/sign-in/remember/", {"remember": "1"} if remember else {"no": "1"})
    return answer


def test_no_browser_is_remembered_unless_the_caisse_says_so(office):
    assert enter(Browser(HTTP_HOST=HOST), office)["Location"] == "/"


def test_remembered_browser_stands_in_for_the_second_factor(office):
    set_policy(office, trusted_device_days=30)
    browser = Browser(HTTP_HOST=HOST)
    assert enter(browser, office, remember=True)["Location"] == "/"
    browser.post("/sign-out/")
    assert give_password(browser)["Location"] == "/"
    with tenant_transaction(office.caisse):
        live = Session.objects.get(user=office.users["anne"], ended_at=None)
    assert (live.methods, live.assurance_level) == (["password", "trusted_device"], 2)
    # It proves nothing anew: what changes the ways in asks for a real factor.
    assert browser.get("/me/profile/email/")["Location"].startswith("/sign-in/again/")
    browser.post("/sign-in/again/", {"password": PASSWORD})
    assert browser.get("/me/profile/email/")["Location"].startswith("/sign-in/again/")
    browser.post("/sign-out/")
    with clock.travel(clock.now() + timedelta(days=30, seconds=1)):
        assert give_password(browser)["Location"] == "/sign-in/code/"


def test_browser_remembered_after_a_stronger_factor_proves_no_more_than_any_other(office):
    set_policy(office, trusted_device_days=30)
    secret, browser = give_app(office.caisse, office.users["anne"]), Browser(HTTP_HOST=HOST)
    give_password(browser)
    browser.post("/sign-in/by/totp/", {"code": code_of(secret)})
    browser.post("/sign-in/remember/", {"remember": "1"})
    browser.post("/sign-out/")
    assert give_password(browser)["Location"] == "/"
    with tenant_transaction(office.caisse):
        live = Session.objects.get(user=office.users["anne"], ended_at=None)
    assert (live.methods, live.assurance_level) == (["password", "trusted_device"], 2)
    assert browser.get("/me/factors/app/")["Location"].startswith("/sign-in/again/")


def test_remembered_browser_counts_for_one_user_and_until_it_is_forgotten(office):
    set_policy(office, trusted_device_days=30)
    browser = Browser(HTTP_HOST=HOST)
    enter(browser, office, remember=True)
    with tenant_transaction(office.caisse):
        device = TrustedDevice.objects.get()
    assert device.key_hash not in str(browser.cookies)
    other = office.browser("beat")
    assert other.post(f"/me/browsers/{device.id}/forget/").status_code == 404
    browser.post("/sign-out/")
    assert give_password(browser, "beat@example.ch")["Location"] == "/sign-in/code/"
    assert give_password(browser)["Location"] == "/"
    assert str(device.id) in browser.get("/me/browsers/").content.decode()
    browser.post(f"/me/browsers/{device.id}/forget/")
    browser.post("/sign-out/")
    assert give_password(browser)["Location"] == "/sign-in/code/"


def test_caisse_that_stops_it_is_obeyed_at_once(office):
    set_policy(office, trusted_device_days=30)
    browser = Browser(HTTP_HOST=HOST)
    enter(browser, office, remember=True)
    browser.post("/sign-out/")
    set_policy(office, trusted_device_days=0)
    assert give_password(browser)["Location"] == "/sign-in/code/"


def test_who_says_no_is_asked_again_next_time(office):
    set_policy(office, trusted_device_days=30)
    browser = Browser(HTTP_HOST=HOST)
    enter(browser, office, remember=False)
    browser.post("/sign-out/")
    assert give_password(browser)["Location"] == "/sign-in/code/"


def test_cookie_of_one_caisse_says_nothing_at_another(office, other_caisse):
    set_policy(office, trusted_device_days=30)
    browser = Browser(HTTP_HOST=HOST)
    enter(browser, office, remember=True)
    cookie = browser.cookies["relais_trusted"].value
    with tenant_transaction(other_caisse):
        change_sections(actor=Actor.system("test"), sections=[SignInSection(trusted_device_days=30)])
        make_user()
    there = Browser(HTTP_HOST="ak99.localhost")
    there.cookies["relais_trusted"] = cookie
    assert give_password(there)["Location"] == "/sign-in/code/"


def test_menu_names_only_what_the_caisse_has(office, settings):
    browser, optional = office.browser("anne"), ("/me/certificate/", "/me/openid/", "/me/browsers/")
    page = browser.get("/me/").content.decode()
    assert [one for one in optional if f'href="{one}"' in page] == []
    settings.CERTIFICATE_PROXY_SECRET = "x" * 32
    with tenant_transaction(office.caisse):
        offered = {"name": "Ausweis", "issuer": "http://localhost:1", "client_id": "relais"}
        policy = SignInSection(trusted_device_days=30, factors=("sms", "totp", "certificate"))
        change_sections(actor=Actor.system("test"), sections=[policy, OpenIdSection(**offered)])
    page = browser.get("/me/").content.decode()
    assert [one for one in optional if f'href="{one}"' not in page] == []
