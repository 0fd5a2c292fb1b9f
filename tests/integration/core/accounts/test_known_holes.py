"""Holes that others had in their sign-in, each as a test; docs/security/asvs.md names those that stand elsewhere."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from django.test import override_settings

from core.accounts import limiter
from core.accounts.errors import SignInLocked, SignInRefused
from core.accounts.limits import SIGN_IN_BY_ACCOUNT, SIGN_IN_BY_ADDRESS, SIGN_IN_BY_CAISSE
from core.accounts.models import RateLimit, Session, User
from core.accounts.seats import build_actor
from core.accounts.sign_in import verify_password
from core.accounts.tokens import create_token
from core.audit.models import Entry
from tenants import hosts, listening
from tenants.addresses import replace_addresses
from tenants.scope import platform_transaction, tenant_transaction
from tests.integration.core.accounts.test_limits import TRIES, in_parallel
from tests.support.browsing import Browser
from tests.support.mailbox import sign_in
from tests.support.people import give_password, read_code
from tests.support.routes import pages

API = "/api/v1/counts/"
CODE = "/sign-in/code/"
SHARED, FORBIDDEN = "portal.example", 403
# An operator's support access comes from the platform's host, with a paper of its own that counts once.
ONCE_BY_PAPER = {"/support/enter/": 404}
# Parameters in the form that each address asks for; whether they exist does not matter before the token.
ANYTHING = defaultdict(
    lambda: "0198a2b4-0000-7000-8000-000000000001", number=1, finding_id=1, what="email", box="inbox"
)


def used(caisse, limit, subject):
    with tenant_transaction(caisse):
        found = RateLimit.objects.filter(bucket=limiter.bucket_of(limit, subject)).first()
    return found.used if found else 0


def test_failed_try_survives_the_error_answer(caisse, anne, browser):
    """DRF undoes what was written under an error answer; a try is committed before it."""
    assert give_password(browser, password="wrong-password").status_code == 422
    assert used(caisse, SIGN_IN_BY_ADDRESS, "127.0.0.1") == 1
    assert browser.get(API, headers={"Authorization": "Bearer relais_a_b"}).status_code == 401
    with tenant_transaction(caisse):
        assert RateLimit.objects.filter(bucket__startswith="token.address", used=1).exists()


def test_success_does_not_clear_what_others_failed_from_the_address(caisse, anne, browser):
    """allauth: a successful sign-in cleared the address's count."""
    for name in ("x@example.ch", "y@example.ch"):
        give_password(browser, name)
    assert give_password(browser).status_code == 302
    assert used(caisse, SIGN_IN_BY_ADDRESS, "127.0.0.1") == 2


def test_capitals_and_spaces_do_not_widen_the_limit(caisse, anne):
    """allauth: the limit was counted by what was typed."""
    spellings = ["anne@example.ch", "ANNE@example.ch", " Anne@Example.CH ", "ａnne@example.ch"]
    for number in range(12):
        browser = Browser(HTTP_HOST="ak26.localhost", REMOTE_ADDR=f"192.0.2.{number}")
        last = give_password(browser, spellings[number % 4], password="wrong-password")
    assert last.status_code == 429


@pytest.mark.parametrize("header", ["198.51.100.{n}", "198.51.100.{n}, 203.0.113.9", "2001:db8::{n}"])
def test_invented_forwarded_address_does_not_widen_the_limit(caisse, anne, browser, header):
    """allauth, authentik: the first entry of X-Forwarded-For was believed."""
    for number in range(3):
        extra = {"HTTP_X_FORWARDED_FOR": header.format(n=number)}
        browser.post("/sign-in/", {"name": f"n{number}@example.ch", "password": "x"}, **extra)
    assert used(caisse, SIGN_IN_BY_ADDRESS, "127.0.0.1") == 3


@override_settings(TRUSTED_PROXY_COUNT=1)
def test_behind_one_proxy_its_own_entry_counts_alone(caisse, anne, browser):
    for number in range(3):
        extra = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{number}, 198.51.100.7"}
        browser.post("/sign-in/", {"name": f"n{number}@example.ch", "password": "x"}, **extra)
    assert used(caisse, SIGN_IN_BY_ADDRESS, "198.51.100.7") == 3


def test_network_of_ipv6_is_counted_as_one(caisse, anne):
    """Nextcloud: another address of the same /64 was another count."""
    for number in range(3):
        browser = Browser(HTTP_HOST="ak26.localhost", REMOTE_ADDR=f"2001:db8:0:1::{number}")
        give_password(browser, f"n{number}@example.ch")
    assert used(caisse, SIGN_IN_BY_ADDRESS, "2001:db8:0:1::/64") == 3


def test_flood_over_many_names_and_addresses_slows_the_caisse_alone(caisse, other_caisse, anne, browser):
    with tenant_transaction(caisse):
        limiter.take(SIGN_IN_BY_CAISSE, "all")
        RateLimit.objects.filter(bucket=limiter.bucket_of(SIGN_IN_BY_CAISSE, "all")).update(
            used=SIGN_IN_BY_CAISSE.allowed
        )
    assert give_password(browser).status_code == 429
    assert give_password(Browser(HTTP_HOST="ak99.localhost")).status_code == 422


def test_success_is_not_counted_against_the_caisse(caisse, anne, browser):
    assert give_password(browser).status_code == 302
    assert used(caisse, SIGN_IN_BY_CAISSE, "all") == 0


def test_half_a_sign_in_opens_nothing(caisse, anne, browser):
    """allauth: the second factor was skipped after an early answer."""
    assert give_password(browser)["Location"] == CODE
    for path in ("/", "/me/", "/me/security/", "/clerk/", "/console/"):
        assert browser.get(path)["Location"].startswith("/sign-in/"), path
    with tenant_transaction(caisse):
        assert not Session.objects.filter(signed_in_at__isnull=False).exists()


def test_blocked_between_password_and_code_stays_out(caisse, anne, browser):
    """authentik: a deactivated account could finish its sign-in."""
    give_password(browser)
    code = read_code(caisse)
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="blocked")
    browser.post(CODE, {"code": code})
    assert browser.get("/me/")["Location"].startswith("/sign-in/")


def test_session_has_another_key_after_each_rise(caisse, anne, browser):
    keys = []
    give_password(browser)
    keys.append(browser.cookies["relais_session"].value)
    browser.post(CODE, {"code": read_code(caisse)})
    keys.append(browser.cookies["relais_session"].value)
    assert browser.get("/me/").status_code == 200
    assert len(set(keys)) == len(keys)
    for old in keys[:-1]:
        stranger = Browser(HTTP_HOST="ak26.localhost")
        stranger.cookies["relais_session"] = old
        assert stranger.get("/me/")["Location"].startswith("/sign-in/")


def test_cookie_of_one_caisse_is_401_in_the_interface_of_another(caisse, other_caisse, anne):
    key = sign_in(caisse, anne)
    other = Browser(HTTP_HOST="ak99.localhost")
    other.cookies["relais_session"] = key
    assert other.get(API).status_code == 401
    assert other.get("/me/")["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("path", ["p/{party}/inbox/", "me/"])
def test_cookie_of_one_caisse_is_401_at_another_on_a_shared_host(caisse, other_caisse, anne, path):
    """Renamed to the other's cookie, too: what the browser keeps apart by name and path, the server does by hash."""
    key = sign_in(caisse, anne)
    with platform_transaction():
        replace_addresses(caisse, [(SHARED, "ak26")])
        replace_addresses(other_caisse, [(SHARED, "ak99")])
    listening.stop()
    hosts.forget()
    browser, fragment = Browser(HTTP_HOST=SHARED), {"HX-Request": "true"}
    with tenant_transaction(caisse):
        page = path.format(party=anne.memberships.first().party_id)
    for one in (caisse, other_caisse):
        browser.cookies[f"__Secure-relais_{one.id}_session"] = key
    assert browser.get(f"/ak26/{page}", secure=True, headers=fragment).status_code == 200
    assert browser.get(f"/ak99/{page}", secure=True, headers=fragment).status_code == 401
    assert browser.get("/ak99/api/v1/counts/", secure=True).status_code == 401
    listening.stop()
    hosts.forget()


def test_of_a_thousand_passwords_at_once_ten_are_looked_at(caisse, anne):
    def outcome():
        try:
            verify_password(caisse=caisse, name="anne@example.ch", password="wrong", address="192.0.2.1")
        except (SignInRefused, SignInLocked) as error:
            return error.code

    assert in_parallel(outcome) == {"sign_in_refused": 10, "sign_in_locked": TRIES - 10}
    assert used(caisse, SIGN_IN_BY_ACCOUNT, "anne@example.ch") == 11
    with tenant_transaction(caisse):
        reasons = Counter(Entry.objects.filter(action="sign_in_refused").values_list("data__reason", flat=True))
    assert reasons["password"] == 10


def test_every_form_needs_its_token():
    """No page takes what a foreign page posts: neither a sign-in under another's name nor anything after it."""
    strict = Browser(HTTP_HOST="ak26.localhost", enforce_csrf_checks=True)
    answered = {route.pattern: strict.post(route.path(ANYTHING)).status_code for route in pages()}
    assert {pattern: status for pattern, status in answered.items() if status != FORBIDDEN} == ONCE_BY_PAPER


def test_interface_takes_no_cookie_at_all(caisse, anne):
    """Nothing that a foreign page can make a browser send along opens the interface."""
    browser = Browser(HTTP_HOST="ak26.localhost")
    browser.cookies["relais_session"] = sign_in(caisse, anne)
    assert browser.get(API).status_code == 401


def test_deactivated_maker_ends_her_live_token(caisse, anne, browser):
    with tenant_transaction(caisse):
        party = anne.memberships.first().party_id
        secret = create_token(actor=build_actor(anne, party), name="Paie").secret
    bearer = {"Authorization": f"Bearer {secret}"}
    assert browser.get(API, headers=bearer).status_code == 200
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="blocked")
    assert browser.get(API, headers=bearer).status_code == 401
