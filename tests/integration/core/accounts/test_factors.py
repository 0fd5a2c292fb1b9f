"""Second factors at the sign-in: which one is asked, what each proves, and what proves nothing."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import RequestFactory

from core.accounts.errors import OneTimePasswordWrong, RecoveryCodeWrong, SignInLocked
from core.accounts.factors import Asking, get_factor, recovery, totp
from core.accounts.models import EnrolledFactor, Session, User
from core.audit.models import Entry
from core.kernel import clock
from core.outbox.models import Entry as OutboxEntry
from tenants.scope import tenant_transaction
from tests.support.authenticator import PRESENT
from tests.support.browsing import Browser
from tests.support.factors import code_of, give_app, give_passkey, give_recovery_codes, make_device, wrong_code_of
from tests.support.mailbox import sign_in
from tests.support.people import give_password, make_user, read_code

HOST = "ak26.localhost"
APP, CODES, PASSKEY = "/sign-in/by/totp/", "/sign-in/by/recovery_code/", "/sign-in/by/passkey/"


@pytest.fixture
def secret(caisse, anne):
    """The secret of Anne's app."""
    return give_app(caisse, anne)


@pytest.fixture
def device(caisse, anne):
    """Anne's device with a passkey."""
    browser = Browser(HTTP_HOST=HOST)
    browser.cookies["relais_session"] = sign_in(caisse, anne)
    return give_passkey(browser, make_device())


def asking(caisse, user, way):
    """Return a proof under way, without a browser."""
    request = RequestFactory(HTTP_HOST=HOST).get("/")
    return Asking(request, caisse, user, "sign_in", {}), get_factor(way)


def session_of(caisse, user):
    with tenant_transaction(caisse):
        return Session.objects.filter(user=user, ended_at__isnull=True).order_by("-created_at").first()


def in_parallel(count, work):
    """Do the work so many times at once; return what became of each."""

    def one(number):
        try:
            return work(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, range(count)))


def test_the_strongest_is_asked_first_and_another_can_be_chosen(caisse, anne, browser, secret):
    assert give_password(browser)["Location"] == APP
    with tenant_transaction(caisse):
        assert not OutboxEntry.objects.exists()
    page = browser.get("/sign-in/ways/")
    assert [way.name for way in page.context["ways"]] == ["totp", "sms"]
    assert browser.post("/sign-in/by/sms/start/")["Location"] == "/sign-in/code/"
    assert browser.post("/sign-in/code/", {"code": read_code(caisse)})["Location"] == "/"
    assert session_of(caisse, anne).assurance_level == 2


def test_one_time_password_proves_level_three_under_a_new_key(caisse, anne, browser, secret):
    give_password(browser)
    before = browser.cookies["relais_session"].value
    assert browser.post(APP, {"code": code_of(secret)})["Location"] == "/"
    assert browser.cookies["relais_session"].value != before
    session = session_of(caisse, anne)
    assert (session.assurance_level, session.methods) == (3, ["password", "totp"])


def test_one_time_password_counts_once(caisse, anne, browser, secret):
    code = code_of(secret)
    give_password(browser)
    assert browser.post(APP, {"code": code}).status_code == 302
    again = Browser(HTTP_HOST=HOST)
    give_password(again)
    assert again.post(APP, {"code": code}).status_code == 422
    assert again.post(APP, {"code": code_of(secret, -1)}).status_code == 422
    assert again.post(APP, {"code": code_of(secret, 1)}).status_code == 302


def test_of_many_at_once_one_is_let_in(caisse, anne, secret):
    code = code_of(secret)
    asked, _way = asking(caisse, anne, "totp")

    def spend(_number):
        with tenant_transaction(caisse):
            return totp.spend_code(asked.user, code)

    assert in_parallel(8, spend).count(True) == 1


def test_only_five_of_many_tries_are_looked_at(caisse, anne, secret):
    asked, way = asking(caisse, anne, "totp")
    wrong = wrong_code_of(secret)
    outcomes = in_parallel(60, lambda _number: way.check(asked, {"code": wrong}))
    assert sum(isinstance(one, OneTimePasswordWrong) for one in outcomes) == 5
    assert sum(isinstance(one, SignInLocked) for one in outcomes) == 55
    with pytest.raises(SignInLocked):
        way.check(asked, {"code": code_of(secret)})
    with clock.travel(clock.now() + timedelta(minutes=16)):
        way.check(asked, {"code": code_of(secret)})


def test_secret_is_sealed_and_bound_to_its_owner(caisse, anne, secret):
    with tenant_transaction(caisse):
        row = EnrolledFactor.objects.get()
        assert secret.encode() not in bytes(row.secret)
        other = make_user("beat")
        EnrolledFactor.objects.filter(pk=row.pk).update(user=other)
        assert not totp.spend_code(other, code_of(secret))


def test_recovery_code_comes_in_once_and_she_is_told(caisse, anne, browser, secret):
    codes = give_recovery_codes(caisse, anne)
    give_password(browser)
    assert browser.post("/sign-in/by/recovery_code/start/")["Location"] == CODES
    assert browser.get(CODES).context["left"] == 4
    assert browser.post(CODES, {"code": codes[0].lower().replace("-", " ")})["Location"] == "/"
    session = session_of(caisse, anne)
    assert (session.assurance_level, session.methods) == (2, ["password", "recovery_code"])
    again = Browser(HTTP_HOST=HOST)
    give_password(again)
    assert again.post(CODES, {"code": codes[0]}).status_code == 422
    with tenant_transaction(caisse):
        assert OutboxEntry.objects.filter(payload__notice="recovery_code_used").count() == 1
        assert Entry.objects.filter(action="recovery_code_used", data__left=3).exists()


def test_recovery_code_is_single_use_under_concurrency(caisse, anne):
    codes = give_recovery_codes(caisse, anne)
    asked, way = asking(caisse, anne, "recovery_code")
    outcomes = in_parallel(5, lambda _number: way.check(asked, {"code": codes[1]}))
    assert outcomes.count(None) == 1
    assert sum(isinstance(one, RecoveryCodeWrong) for one in outcomes) == 4


def test_recovery_codes_are_hashed_and_no_two_begin_alike(caisse, anne):
    codes = recovery.make_codes()
    assert len({code[0] for code in codes}) == len(codes) == 10
    give_recovery_codes(caisse, anne)
    with tenant_transaction(caisse):
        kept = list(EnrolledFactor.objects.values_list("code_hash", flat=True))
    assert all(one.startswith("argon2") for one in kept)


def test_passkey_after_the_password(caisse, anne, browser, device):
    assert give_password(browser)["Location"] == PASSKEY
    asked = browser.get("/sign-in/by/passkey/challenge/").json()
    assert [one["type"] for one in asked["options"]["allowCredentials"]] == ["public-key"]
    form = device.use(asked)
    assert browser.post(PASSKEY, form)["Location"] == "/"
    session = session_of(caisse, anne)
    assert (session.assurance_level, session.methods) == (4, ["password", "passkey"])
    with tenant_transaction(caisse):
        assert EnrolledFactor.objects.get().last_used_at is not None
    again = Browser(HTTP_HOST=HOST)
    give_password(again)
    assert again.post(PASSKEY, form).status_code == 422


def test_passkey_alone(caisse, anne, browser, device):
    assert "data-passkey" in browser.get("/sign-in/").content.decode()
    asked = browser.get("/sign-in/passkey/challenge/").json()
    assert not asked["options"].get("allowCredentials")
    assert asked["options"]["userVerification"] == "required"
    before = browser.cookies.get("relais_session")
    answer = browser.post("/sign-in/passkey/", device.use(asked) | {"next": "/me/"})
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert before is None or browser.cookies["relais_session"].value != before.value
    session = session_of(caisse, anne)
    assert (session.assurance_level, session.methods) == (4, ["passkey"])


def test_challenge_is_long_random_and_counts_once(caisse, anne, browser, device):
    asked = [browser.get("/sign-in/passkey/challenge/").json() for _ in range(20)]
    challenges = {urlsafe_b64decode(one["options"]["challenge"] + "==") for one in asked}
    assert len(challenges) == len(asked)
    assert min(len(one) for one in challenges) * 8 >= 64
    assert browser.post("/sign-in/passkey/", device.use(asked[0])).status_code == 302
    assert Browser(HTTP_HOST=HOST).post("/sign-in/passkey/", device.use(asked[0])).status_code == 422


@pytest.mark.parametrize(
    "how", ["other caisse", "not verified", "replayed", "blocked", "unknown", "nonsense", "counter"]
)
def test_answers_that_open_nothing_look_alike(caisse, anne, browser, device, how):
    asked = browser.get("/sign-in/passkey/challenge/").json()
    form = device.use(asked)
    if how == "other caisse":
        device.origin = "http://ak99.localhost"
        form = device.use(asked)
    if how == "not verified":
        device.flags = PRESENT
        form = device.use(asked)
    if how == "replayed":
        assert browser.post("/sign-in/passkey/", form).status_code == 302
        browser = Browser(HTTP_HOST=HOST)
    if how == "blocked":
        with tenant_transaction(caisse):
            User.objects.filter(id=anne.id).update(state="blocked")
    if how == "unknown":
        form = make_device().use(asked)
    if how == "nonsense":
        form = {"credential": json.dumps({"id": "AA"}), "state": "x"}
    if how == "counter":
        with tenant_transaction(caisse):
            EnrolledFactor.objects.update(sign_count=9)
        device.count = 3
        form = device.use(asked)
    answer = browser.post("/sign-in/passkey/", form)
    assert answer.status_code == 422
    assert answer.context["refusal"] == Browser(HTTP_HOST=HOST).post("/sign-in/passkey/").context["refusal"]
    assert browser.get("/me/")["Location"].startswith("/sign-in/")


def test_copied_key_is_written_down(caisse, anne, browser, device):
    with tenant_transaction(caisse):
        EnrolledFactor.objects.update(sign_count=9)
    device.count = 3
    browser.post("/sign-in/passkey/", device.use(browser.get("/sign-in/passkey/challenge/").json()))
    with tenant_transaction(caisse):
        assert Entry.objects.filter(action="passkey_copied", object_id=str(anne.id)).exists()


def test_anothers_passkey_is_no_second_factor(caisse, browser, device):
    with tenant_transaction(caisse):
        beat = make_user("beat")
    other = Browser(HTTP_HOST=HOST)
    other.cookies["relais_session"] = sign_in(caisse, beat)
    own = give_passkey(other, make_device())
    give_password(browser)
    asked = browser.get("/sign-in/by/passkey/challenge/").json()
    assert browser.post(PASSKEY, own.use(asked)).status_code == 422


def test_state_of_a_second_factor_is_not_stated_before_the_password(caisse, anne, browser, secret):
    for path in (APP, PASSKEY, CODES, "/sign-in/ways/"):
        assert browser.get(path)["Location"] == "/sign-in/"
    assert browser.get("/sign-in/by/passkey/challenge/").status_code == 409
    assert give_password(browser, password="wrong").status_code == 422


def test_factor_that_she_has_not_is_not_there(caisse, anne, browser):
    give_password(browser)
    assert browser.get(APP).status_code == 404
    assert browser.post("/sign-in/by/totp/start/").status_code == 404


def test_who_has_only_sms_is_offered_more(caisse, anne, browser):
    give_password(browser)
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    page = browser.get("/", follow=True)
    assert "/me/factors/later/" in page.content.decode()
    assert browser.post("/me/factors/later/").status_code == 302
    assert "/me/factors/later/" not in browser.get("/", follow=True).content.decode()


def test_who_has_more_is_not(caisse, anne, browser, secret):
    give_password(browser)
    browser.post("/sign-in/by/sms/start/")
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    assert "/me/factors/later/" not in browser.get("/", follow=True).content.decode()


def test_registry_says_what_each_is_worth():
    worth = {name: get_factor(name).level for name in ("sms", "recovery_code", "totp", "passkey")}
    assert worth == {"sms": 2, "recovery_code": 2, "totp": 3, "passkey": 4}
