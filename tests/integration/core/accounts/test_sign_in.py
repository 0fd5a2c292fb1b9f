"""Signing in by password and SMS, as a browser does."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from statistics import median
from time import thread_time

import pytest
from django.utils import translation
from django.utils.html import escape

from core.accounts import codes, hashers
from core.accounts.errors import SignInRefused
from core.accounts.models import OneTimeCode, Session, User
from core.accounts.sign_in import verify_password
from core.audit.models import Entry
from core.kernel import clock
from core.notices.services import SMS
from core.outbox.models import Entry as OutboxEntry
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.people import PASSWORD, give_password, make_user, read_code


def sign_in(browser, caisse, name="anne@example.ch", **extra):
    """Walk through both steps and return the last answer."""
    assert give_password(browser, name, **extra).status_code == 302
    return browser.post("/sign-in/code/", {"code": read_code(caisse)})


def actions(caisse) -> list[str]:
    """Return what the audit trail holds about users, in order."""
    with tenant_transaction(caisse):
        return list(Entry.objects.filter(object_type="user").order_by("at", "id").values_list("action", flat=True))


def test_password_and_code_lead_to_her_party(caisse, anne, browser):
    first = give_password(browser)
    assert first["Location"] == "/sign-in/code/"
    page = browser.get("/sign-in/code/").content.decode()
    assert "+41 … 01" in page
    assert "+41790000001" not in page
    answer = browser.post("/sign-in/code/", {"code": read_code(caisse)})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    with tenant_transaction(caisse):
        session = Session.objects.get(user=anne)
    assert (session.assurance_level, session.methods) == (2, ["password", "sms_code"])
    assert session.signed_in_at is not None
    assert actions(caisse) == ["code_sent", "signed_in"]


def test_code_travels_sealed_and_is_blanked(caisse, anne, browser):
    give_password(browser)
    with tenant_transaction(caisse):
        entry = OutboxEntry.objects.get(topic=SMS)
        code = OneTimeCode.objects.get()
    assert "0000001" not in json.dumps(entry.payload)
    plain = read_code(caisse)
    with tenant_transaction(caisse):
        assert OutboxEntry.objects.get(topic=SMS).secret is None
    # Six digits may stand in sixty-four signs by chance.
    assert (len(code.code_hash), code.code_hash) == (64, codes._hash(code.salt, plain))


def test_sign_in_returns_to_the_exact_page(caisse, anne, browser):
    wanted = "/p/0198a2b4-0000-7000-8000-000000000001/sent/?page=2"
    assert sign_in(browser, caisse, next=wanted)["Location"] == wanted


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/sign-out/"]
)
def test_sign_in_never_leads_elsewhere(caisse, anne, browser, wanted):
    assert sign_in(browser, caisse, next=wanted)["Location"] == "/"


def test_sign_in_name_is_read_in_any_spelling(caisse, anne, browser):
    assert give_password(browser, " ANNE@Example.CH ").status_code == 302


# The hour stands in Expires, the length follows the token.
VARYING = {"X-Request-Id", "Content-Length", "Expires"}


def refusal_of(browser, name, password):
    """Return what a refused person sees, without what differs in every answer and her own name."""
    answer = give_password(browser, name, password)
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    headers = {key: value for key, value in answer.headers.items() if key not in VARYING}
    return answer.status_code, body.replace(escape(name), "NAME"), headers


def test_unknown_wrong_and_blocked_see_the_same(caisse, anne, browser):
    with tenant_transaction(caisse):
        make_user("blocked", state="blocked")
        make_user("without", password="!")
    browser.get("/sign-in/")
    unknown = refusal_of(browser, "nobody@example.ch", "wrong")
    assert unknown[0] == 422
    assert refusal_of(browser, "anne@example.ch", "wrong") == unknown
    assert refusal_of(browser, "blocked@example.ch", PASSWORD) == unknown
    assert refusal_of(browser, "without@example.ch", "!") == unknown
    assert actions(caisse) == ["sign_in_refused"] * 4
    with tenant_transaction(caisse):
        reasons = list(
            Entry.objects.filter(object_type="user").order_by("at", "id").values_list("data__reason", flat=True)
        )
    assert reasons == ["unknown", "password", "state", "password"]


def cpu_of(work) -> float:
    """Return the usual processor time of a call in seconds, without what other threads of this process do meanwhile."""
    times = []
    for _ in range(7):
        began = thread_time()
        work()
        times.append(thread_time() - began)
    return median(times)


@pytest.mark.usefixtures("real_hashes")
def test_unknown_name_costs_as_much_as_a_wrong_password(caisse, anne):
    def refuse(name: str) -> None:
        with pytest.raises(SignInRefused):
            verify_password(caisse=caisse, name=name, password="wrong", address="192.0.2.1")

    with tenant_transaction(caisse):
        anne.set_password(PASSWORD)
        anne.save(update_fields=["password"])
    refuse("warm-up@example.ch")
    known = cpu_of(lambda: refuse("anne@example.ch"))
    unknown = cpu_of(lambda: refuse("nobody@example.ch"))
    assert 0.5 < unknown / known < 2


def test_account_is_locked_after_ten_tries_whatever_the_password(caisse, anne, browser):
    for _ in range(10):
        assert give_password(browser, password="wrong").status_code == 422
    assert give_password(browser, "ANNE@example.ch").status_code == 429
    assert give_password(browser).status_code == 429
    with tenant_transaction(caisse):
        limited = Entry.objects.filter(data__reason="limited").count()
    assert limited == 1
    with clock.travel(clock.now() + timedelta(minutes=16)):
        assert give_password(browser).status_code == 302


def test_lock_says_so_for_an_unknown_name_too(caisse, anne, browser):
    for _ in range(10):
        give_password(browser, "nobody@example.ch", "wrong")
    answer = give_password(browser, "nobody@example.ch")
    assert answer.status_code == 429


def test_success_gives_back_only_its_own_try(caisse, anne, browser):
    for _ in range(9):
        give_password(browser, password="wrong")
    assert give_password(browser).status_code == 302
    assert give_password(browser, password="wrong").status_code == 422
    assert give_password(browser).status_code == 429


def test_code_may_be_tried_five_times(caisse, anne, browser):
    give_password(browser)
    code = read_code(caisse)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for left in (4, 3, 2, 1):
        answer = browser.post("/sign-in/code/", {"code": wrong})
        assert (answer.status_code, answer.context["tries_left"]) == (422, left)
    browser.post("/sign-in/code/", {"code": wrong})
    assert browser.post("/sign-in/code/", {"code": code}).status_code == 422
    assert browser.get("/")["Location"].startswith("/sign-in/")


def test_code_with_a_space_is_read(caisse, anne, browser):
    give_password(browser)
    code = read_code(caisse)
    assert browser.post("/sign-in/code/", {"code": f" {code[:3]} {code[3:]}"}).status_code == 302


def test_code_ends_after_ten_minutes(caisse, anne, browser):
    give_password(browser)
    code = read_code(caisse)
    with clock.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        assert browser.post("/sign-in/code/", {"code": code}).status_code == 422


def test_new_code_replaces_the_earlier_one(caisse, anne, browser):
    give_password(browser)
    first = read_code(caisse)
    assert browser.post("/sign-in/code/again/")["Location"] == "/sign-in/code/"
    second = read_code(caisse)
    if first != second:
        assert browser.post("/sign-in/code/", {"code": first}).status_code == 422
    assert browser.post("/sign-in/code/", {"code": second}).status_code == 302


def test_codes_are_limited_per_account(caisse, anne, browser):
    give_password(browser)
    for _ in range(5):
        assert browser.post("/sign-in/code/again/").status_code == 302
    assert browser.post("/sign-in/code/again/").status_code == 429
    assert give_password(Browser(HTTP_HOST="ak26.localhost")).status_code == 429


def test_code_is_worthless_in_another_browser(caisse, anne, browser):
    give_password(browser)
    code = read_code(caisse)
    other = Browser(HTTP_HOST="ak26.localhost")
    assert other.post("/sign-in/code/", {"code": code})["Location"] == "/sign-in/"


def test_sign_in_begun_is_forgotten_after_a_quarter_of_an_hour(caisse, anne, browser):
    give_password(browser)
    with tenant_transaction(caisse):
        session = Session.objects.get()
        session.data["account_login"]["initiated_at"] -= 901
        session.save()
    assert browser.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_blocked_while_typing_the_code_is_out(caisse, anne, browser):
    give_password(browser)
    code = read_code(caisse)
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="blocked")
    assert browser.post("/sign-in/code/", {"code": code})["Location"] == "/sign-in/"


def test_without_a_mobile_nobody_passes_by_password(caisse, anne, browser):
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(mobile="")
    assert give_password(browser).status_code == 403
    assert browser.get("/")["Location"].startswith("/sign-in/")


def test_mobile_abroad_is_not_served(caisse, anne, browser):
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(mobile="+12025550123")
    assert give_password(browser).status_code == 422
    with tenant_transaction(caisse):
        assert not OutboxEntry.objects.filter(topic=SMS).exists()


def test_sign_out_ends_the_session_and_a_sign_in_begun(caisse, anne, browser):
    sign_in(browser, caisse)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert browser.get("/")["Location"].startswith("/sign-in/")
    give_password(browser)
    browser.post("/sign-out/")
    assert browser.get("/sign-in/code/")["Location"] == "/sign-in/"
    with tenant_transaction(caisse):
        assert Session.objects.get(user=anne).end_reason == "signed_out"


def test_form_without_its_token_is_refused(caisse, anne):
    strict = Browser(HTTP_HOST="ak26.localhost", enforce_csrf_checks=True)
    assert give_password(strict).status_code == 403
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get("/sign-in/").content.decode()).group(1)
    assert give_password(strict, csrfmiddlewaretoken=token).status_code == 302


def test_answers_with_secrets_are_not_kept_by_caches(caisse, anne, browser):
    assert "no-store" in browser.get("/sign-in/")["Cache-Control"]
    give_password(browser)
    assert "no-store" in browser.get("/sign-in/code/")["Cache-Control"]


def test_flood_of_sign_ins_is_answered_in_words_with_a_time_to_come_again(caisse, anne, browser, monkeypatch):
    pool = hashers.Pool(size=1, waiting=0)
    monkeypatch.setattr(hashers, "_POOL", pool)
    with pool:
        answer = give_password(browser)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert escape(translate("fr", hashers.Busy().message)) in answer.content.decode()
    assert give_password(browser).status_code == 302


def translate(language, text):
    with translation.override(language):
        return translation.gettext(text)
