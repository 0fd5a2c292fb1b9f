"""A forgotten password: same answers for all, a code by mail, the second factor, and what ends with the old one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.accounts import forgotten
from core.accounts.models import Session, TrustedDevice, User
from core.audit.models import Entry
from core.kernel import clock
from core.outbox.models import Entry as OutboxEntry
from tenants.scope import tenant_transaction
from tests.integration.core.accounts.conftest import HOST
from tests.integration.core.accounts.test_sign_in import VARYING, cpu_of
from tests.support.browsing import Browser
from tests.support.outbox import send_out
from tests.support.people import PASSWORD, give_password, make_user, read_code

NEW = "mésange bleue 7 lacs"


def ask(browser, name="anne@example.ch"):
    return browser.post("/sign-in/forgotten/", {"name": name})


def mails(caisse):
    """Return the mails that left, oldest first."""
    return send_out(caisse)


def mailed_code(caisse):
    return re.findall(r"\b\d{6}\b", mails(caisse)[-1]["text"])[0]


def give_mail_code(browser, caisse):
    ask(browser)
    return browser.post("/sign-in/forgotten/code/", {"code": mailed_code(caisse)})


def choose(browser, password=NEW):
    return browser.post("/sign-in/own-password/", {"password": password, "again": password})


def test_code_by_mail_then_second_factor_then_a_new_password(caisse, anne, browser):
    other = Browser(HTTP_HOST=HOST)
    give_password(other)
    other.post("/sign-in/code/", {"code": read_code(caisse)})
    now = clock.now()
    with tenant_transaction(caisse):
        TrustedDevice.objects.create(
            key_hash="x", user=anne, created_at=now, last_used_at=now, expires_at=now + timedelta(days=365)
        )
    assert give_mail_code(browser, caisse)["Location"] == "/sign-in/code/"
    assert choose(browser)["Location"] == "/sign-in/"
    assert browser.post("/sign-in/code/", {"code": read_code(caisse)})["Location"] == "/sign-in/own-password/"
    assert choose(browser, "kurz").status_code == 422
    assert choose(browser)["Location"] == "/"
    assert browser.get("/")["Location"].startswith("/p/")
    assert other.get("/")["Location"].startswith("/sign-in/")
    with tenant_transaction(caisse):
        assert Session.objects.get(user=anne, ended_at=None).methods == ["mail_code", "sms_code"]
        assert Session.objects.get(user=anne, ended_at__isnull=False).end_reason == "password_changed"
        assert not TrustedDevice.objects.filter(revoked_at=None).exists()
        assert Entry.objects.filter(action="password_reset", object_id=str(anne.id)).exists()
    assert "anne@example.ch" in mails(caisse)[-1]["to"]
    browser.post("/sign-out/")
    assert give_password(browser).status_code == 422
    assert give_password(browser, password=NEW).status_code == 302


def seen(browser, name):
    """Return all that somebody sees who asks, on both pages, without what differs in every answer."""
    answers = [ask(browser, name), browser.get("/sign-in/forgotten/code/")]
    answers.append(browser.post("/sign-in/forgotten/code/", {"code": "000000x"}))
    return [
        (
            one.status_code,
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", one.content.decode()),
            {key: value for key, value in one.headers.items() if key not in VARYING},
        )
        for one in answers
    ]


def make_everybody(anne):
    make_user("blocked", state="blocked")
    make_user("homeless", contact_email=None)
    make_user("one", contact_email="office@example.ch")
    make_user("two", contact_email="Office@example.ch")


OTHERS = ["blocked@example.ch", "homeless@example.ch", "one@example.ch", "two@example.ch", "nobody", ""]


def test_known_unknown_blocked_homeless_and_shared_see_the_same(caisse, anne, browser):
    with tenant_transaction(caisse):
        make_everybody(anne)
    browser.get("/sign-in/forgotten/")
    known = seen(browser, "anne@example.ch")
    assert known[0][0] == 302
    for name in OTHERS:
        assert seen(browser, name) == known, name
    assert [mail["to"] for mail in mails(caisse)] == ["anne@example.ch"]
    with tenant_transaction(caisse):
        assert not OutboxEntry.objects.filter(done_at=None).exists()


def test_unknown_name_costs_as_much_as_a_known_one(caisse, anne, monkeypatch):
    names = iter(range(100))
    with tenant_transaction(caisse):
        for figure in range(10):
            make_user(f"known{figure}")

    def ask_for(stem):
        forgotten.ask_code(caisse=caisse, name=f"{stem}{next(names) % 10}@example.ch", address="192.0.2.1")

    ask_for("known")
    known, unknown = cpu_of(lambda: ask_for("known")), cpu_of(lambda: ask_for("nobody"))
    assert 0.5 < unknown / known < 2


@pytest.mark.parametrize("name", ["anne@example.ch", "nobody@example.ch"])
def test_asking_is_limited_by_name_in_any_spelling(caisse, anne, browser, name):
    for _ in range(5):
        assert ask(browser, name).status_code == 302
    assert ask(browser, f" {name.upper()} ").status_code == 429
    assert ask(browser, "other@example.ch").status_code == 302


def test_asking_is_limited_by_address(caisse, anne, browser):
    for figure in range(20):
        assert ask(browser, f"n{figure}@example.ch").status_code == 302
    assert ask(browser, "anne@example.ch").status_code == 429


def test_code_counts_only_in_the_browser_that_asked_and_so_often(caisse, anne, browser):
    ask(browser)
    code = mailed_code(caisse)
    other = Browser(HTTP_HOST=HOST)
    ask(other, "nobody@example.ch")
    assert other.post("/sign-in/forgotten/code/", {"code": code}).status_code == 422
    for _ in range(5):
        browser.post("/sign-in/forgotten/code/", {"code": "000000x"})
    assert browser.post("/sign-in/forgotten/code/", {"code": code}).status_code == 422


def test_opening_the_pages_uses_nothing_up(caisse, anne, browser):
    ask(browser)
    for _ in range(3):
        browser.get("/sign-in/forgotten/")
        browser.get("/sign-in/forgotten/code/")
    code = mailed_code(caisse)
    assert browser.post("/sign-in/forgotten/code/", {"code": code}).status_code == 302


def test_who_was_blocked_meanwhile_gets_no_further(caisse, anne, browser):
    ask(browser)
    code = mailed_code(caisse)
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="blocked")
    assert browser.post("/sign-in/forgotten/code/", {"code": code}).status_code == 422


def test_password_stays_until_a_new_one_is_chosen(caisse, anne, browser):
    give_mail_code(browser, caisse)
    assert give_password(Browser(HTTP_HOST=HOST), password=PASSWORD).status_code == 302
