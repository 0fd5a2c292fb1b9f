"""Sessions: bound to their caisse, rotated, ended at once; cookies in both kinds of address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts import sessions
from core.accounts.identity import Identity
from core.accounts.models import Session, User
from core.accounts.sessions import METHODS_KEY, SessionStore, end_sessions
from core.kernel import clock
from core.kernel.errors import AssuranceTooLow, NotFound
from tenants import hosts, listening
from tenants.addresses import replace_addresses
from tenants.scope import platform_transaction, tenant_transaction
from tests.support.browsing import Browser
from tests.support.people import give_password, make_staff, make_user, read_code

SHARED = "portal.example"


def signed_in(caisse, user, *methods: str) -> SessionStore:
    """Return the store of a session as a sign-in leaves it."""
    store = SessionStore(caisse=caisse)
    store[SESSION_KEY] = str(user.id)
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store[METHODS_KEY] = [{"method": method} for method in methods or ("password", "sms_code")]
    store.save()
    return store


def identity(caisse, key: str | None) -> Identity:
    """Return who a request with this key is."""
    return Identity(SessionStore(key, caisse=caisse))


def home_of(client: Client) -> str:
    """Return where the portal's entrance sends this browser."""
    return client.get("/")["Location"]


@pytest.fixture
def inside(caisse, anne, browser):
    """A browser that is signed in."""
    browser.cookies["relais_session"] = signed_in(caisse, anne).session_key
    assert home_of(browser).startswith("/p/")
    return browser


@pytest.fixture
def shared_host(caisse, other_caisse):
    """Both caisses on one host, by path."""
    with platform_transaction():
        replace_addresses(caisse, [(SHARED, "ak26")])
        replace_addresses(other_caisse, [(SHARED, "ak99")])
    yield
    listening.stop()
    hosts.forget()


@pytest.fixture
def _fresh_hosts(shared_host):
    listening.stop()
    hosts.forget()


def test_only_a_hash_is_stored(caisse, anne):
    store = signed_in(caisse, anne)
    with tenant_transaction(caisse):
        row = Session.objects.get()
    assert store.session_key not in str(vars(row))


def test_cookie_of_one_caisse_is_nobody_at_another(caisse, other_caisse, inside):
    key = inside.cookies["relais_session"].value
    other = Browser(HTTP_HOST="ak99.localhost")
    other.cookies["relais_session"] = key
    assert home_of(other).startswith("/sign-in/")
    assert sessions.hash_key(caisse, key) != sessions.hash_key(other_caisse, key)


def test_copied_row_does_not_open_another_caisse(caisse, other_caisse, anne):
    store = signed_in(caisse, anne)
    with tenant_transaction(caisse):
        row = Session.objects.get()
    with tenant_transaction(other_caisse):
        make_user("twin", id=anne.id, password=anne.password)
        row.save(force_insert=True)
    assert not identity(other_caisse, store.session_key).is_authenticated


def test_key_known_before_sign_in_is_worthless_after(caisse, anne, browser):
    give_password(browser)
    before = browser.cookies["relais_session"].value
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    after = browser.cookies["relais_session"].value
    assert after != before
    assert not identity(caisse, before).is_authenticated
    assert identity(caisse, after).assurance_level == 2


def test_rotated_session_stays_the_same_row(caisse, anne):
    store = signed_in(caisse, anne)
    row = identity(caisse, store.session_key).session_id
    old = store.session_key
    store.cycle_key()
    store.save()
    assert identity(caisse, store.session_key).session_id == row
    assert not identity(caisse, old).is_authenticated


def test_unknown_key_is_not_taken_over(caisse, anne, browser):
    browser.cookies["relais_session"] = "chosen-by-somebody-else-0123456789"
    give_password(browser)
    assert browser.cookies["relais_session"].value != "chosen-by-somebody-else-0123456789"


def test_sessions_of_a_user_end_at_once(caisse, anne, inside):
    other = signed_in(caisse, anne)
    with tenant_transaction(caisse):
        keep = Session.objects.get(key_hash=sessions.hash_key(caisse, other.session_key)).id
        assert end_sessions([anne.id], reason="incident", keep=keep) == 1
    assert home_of(inside).startswith("/sign-in/")
    assert identity(caisse, other.session_key).is_authenticated


@pytest.mark.parametrize("change", [{"state": "blocked"}, {"state": "left"}, {"password": "changed"}])
def test_change_of_the_account_ends_what_runs(caisse, anne, inside, change):
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(**change)
    assert home_of(inside).startswith("/sign-in/")


def test_idle_session_ends(caisse, anne, inside):
    start = clock.now()
    with clock.travel(start + timedelta(minutes=29)):
        assert home_of(inside).startswith("/p/")
    with clock.travel(start + timedelta(minutes=58)):
        assert home_of(inside).startswith("/p/")
    with clock.travel(start + timedelta(minutes=58 + 31)):
        assert home_of(inside).startswith("/sign-in/")


def test_session_ends_after_its_hours_however_busy(caisse, anne):
    store, start = signed_in(caisse, anne), clock.now()
    with tenant_transaction(caisse):
        Session.objects.update(idle_until=start + timedelta(days=30))
    with clock.travel(start + timedelta(hours=11, minutes=59)):
        assert identity(caisse, store.session_key).is_authenticated
    with clock.travel(start + timedelta(hours=12, seconds=1)):
        assert not identity(caisse, store.session_key).is_authenticated


def test_polling_is_no_activity(caisse, anne):
    store = SessionStore(signed_in(caisse, anne).session_key, caisse=caisse)
    store.counts_as_activity = False
    later = clock.now() + timedelta(minutes=20)
    with clock.travel(later):
        assert store.get(SESSION_KEY)
        store.touch()
    with tenant_transaction(caisse):
        assert Session.objects.get().last_seen_at < later


def test_identity_costs_one_scope_with_two_queries(caisse, anne):
    key = signed_in(caisse, anne).session_key
    identity(caisse, key).is_authenticated
    who = identity(caisse, key)
    with tenant_transaction(caisse), CaptureQueriesContext(connection) as queries:
        assert (who.is_authenticated, len(who.seats), who.staff) == (True, 1, None)
    reads = [query for query in queries if query["sql"].startswith("SELECT")]
    assert len(reads) == 2


def test_anonymous_page_reads_no_session(caisse, browser):
    assert browser.get("/sign-in/").status_code == 200
    with tenant_transaction(caisse):
        assert not Session.objects.exists()
    assert "relais_session" not in browser.cookies


def test_session_ended_meanwhile_is_not_written(caisse, anne):
    store = signed_in(caisse, anne)
    with tenant_transaction(caisse):
        end_sessions([anne.id], reason="incident")
    store["late"] = True
    with pytest.raises(UpdateError):
        store.save()


def test_desk_needs_two_factors_and_dates(caisse, anne):
    with tenant_transaction(caisse):
        staff = make_staff(anne, "clerk")
    with pytest.raises(AssuranceTooLow):
        _ = identity(caisse, signed_in(caisse, anne, "password").session_key).clerk_actor
    strong = signed_in(caisse, anne).session_key
    actor = identity(caisse, strong).clerk_actor
    assert (actor.kind, actor.roles, actor.assurance_level) == ("clerk", {"clerk"}, 2)
    with tenant_transaction(caisse):
        staff.valid_until = staff.valid_from
        staff.save()
    with pytest.raises(NotFound):
        _ = identity(caisse, strong).clerk_actor


def test_own_host_with_tls_gets_host_cookies(caisse, anne):
    client = Browser(HTTP_HOST="ak26.localhost")
    answer = client.post("/sign-in/", {"name": anne.sign_in_name, "password": "x"}, secure=True)
    assert answer.status_code == 422
    give = client.get("/sign-in/", secure=True)
    morsel = give.cookies["__Host-relais_csrf"]
    assert (morsel["path"], morsel["domain"], morsel["secure"], morsel["httponly"]) == ("/", "", True, True)


@pytest.mark.usefixtures("_fresh_hosts")
def test_shared_host_keeps_caisses_apart_by_name_and_path(caisse, other_caisse, anne):
    client = Browser(HTTP_HOST=SHARED)
    answer = client.post("/ak26/sign-in/", {"name": "anne@example.ch", "password": "Lac-de-Morat-2026"}, secure=True)
    assert answer["Location"] == "/ak26/sign-in/code/"
    name = f"__Secure-relais_{caisse.id}_session"
    morsel = answer.cookies[name]
    assert (morsel["path"], morsel["domain"], morsel["secure"], morsel["httponly"]) == ("/ak26/", "", True, True)
    client.cookies.clear()
    client.cookies[name] = client.cookies[f"__Secure-relais_{other_caisse.id}_session"] = signed_in(
        caisse, anne
    ).session_key
    assert client.get("/ak26/", secure=True)["Location"].startswith("/ak26/p/")
    assert client.get("/ak99/", secure=True)["Location"].startswith("/ak99/sign-in/")


def test_database_that_is_away_neither_ends_the_session_nor_hides_the_reason(caisse, inside):
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        answer = inside.get("/")
    finally:
        connection.settings_dict["PORT"] = port
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "relais_session" not in answer.cookies
    assert home_of(inside).startswith("/p/")
