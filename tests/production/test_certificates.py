"""Client certificates through a real nginx: who has one enters, who forges the headers does not."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.production.components.nginx import DOMAIN
from tests.production.running import ask, run
from tests.support.certificates import SECRET, Authority

HOST, PAGE = f"ak26.{DOMAIN}", "/sign-in/certificate/"
REGISTER = """
import sys, django
django.setup()
from core.accounts.models import OutsideKey, User
from core.kernel import clock
from tenants import hosts
from tenants.scope import tenant_transaction
[caisse] = [entry.ref for entry in hosts.list_entries() if entry.ref.slug == "ak26"]
with tenant_transaction(caisse):
    user = User.objects.create(sign_in_name="carla@card.example", given_name="Carla", created_at=clock.now())
    OutsideKey.objects.create(kind="certificate", user=user, fingerprint=sys.argv[1], created_at=clock.now())
"""

# What was proved is eleven minutes older from now on.
AGE = """
import django
django.setup()
from core.accounts.models import Session
from core.accounts.sessions import METHODS_KEY
from tenants import hosts
from tenants.scope import tenant_transaction
[caisse] = [entry.ref for entry in hosts.list_entries() if entry.ref.slug == "ak26"]
with tenant_transaction(caisse):
    for session in Session.objects.filter(user__sign_in_name="carla@card.example", ended_at=None):
        for one in session.data[METHODS_KEY]:
            one["at"] -= 660
        session.save()
"""
AGAIN, NEEDED = "/sign-in/again/certificate/", "/me/profile/email/"


@pytest.fixture(scope="module")
def card(running_platform, platform_environment, tmp_path_factory):
    """A card of the issuer that nginx trusts, registered for a person."""
    issued = running_platform.nginx.authority.issue("Carla Karte")
    done = run(platform_environment, "-c", REGISTER, issued.fingerprint)
    assert done.returncode == 0, done.stderr
    return issued, issued.write(tmp_path_factory.mktemp("card"))


class Browser:
    """Asks nginx and keeps the cookies that come back."""

    def __init__(self, nginx):
        self.nginx, self.cookies = nginx, {}

    def open(self, path, *, client=None, headers=None, form=None):
        kept = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        kept["Referer"] = f"https://{HOST}:{self.nginx.port}{path}"
        answer = ask(self.nginx, HOST, path=path, client=client, headers={**kept, **(headers or {})}, form=form)
        for one in answer.headers.get_all("Set-Cookie") or []:
            name, value = one.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def press(self, path, **how):
        """Open a page and press its button."""
        page = self.open(path, **how).body.decode()
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
        return self.open(path, form={"csrfmiddlewaretoken": token}, **how)


def enter(nginx, client=None, headers=None):
    """Open the page and press its button, as a browser does; return both answers."""
    page = ask(nginx, HOST, path=PAGE, client=client, headers=headers)
    cookies = "; ".join(one.split(";")[0] for one in page.headers.get_all("Set-Cookie") or [])
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body.decode())[0]
    sent = {"Cookie": cookies, "Referer": f"https://{HOST}:{nginx.port}{PAGE}", **(headers or {})}
    return page, ask(nginx, HOST, path=PAGE, client=client, headers=sent, form={"csrfmiddlewaretoken": token})


def test_card_opens_its_holder_s_account(running_platform, card):
    page, answer = enter(running_platform.nginx, card[1])
    assert "Carla Karte" in page.body.decode()
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    assert any("relais_session" in one for one in answer.headers.get_all("Set-Cookie"))


def test_card_proves_anew_who_sits_there_and_a_forged_one_does_not(running_platform, platform_environment, card):
    nginx = running_platform.nginx
    browser = Browser(nginx)
    browser.press(PAGE, client=card[1])
    assert browser.open(NEEDED, client=card[1]).status == 200
    done = run(platform_environment, "-c", AGE)
    assert done.returncode == 0, done.stderr
    asked = browser.open(NEEDED, client=card[1])
    assert (asked.status, asked.headers["Location"]) == (302, "/sign-in/again/")
    forged = {
        "X-Relais-Certificate": quote(card[0].pem.decode()),
        "X-Relais-Certificate-Verified": "SUCCESS",
        "X-Relais-Proxy-Secret": SECRET,
    }
    assert browser.press(AGAIN, headers=forged).status == 422
    assert browser.open(NEEDED).status == 302
    before = dict(browser.cookies)
    proved = browser.press(AGAIN, client=card[1])
    assert (proved.status, proved.headers["Location"]) == (302, "/sign-in/again/")
    assert browser.cookies != before, "the session goes on under a new key"
    assert browser.open("/sign-in/again/").headers["Location"] == NEEDED
    assert browser.open(NEEDED).status == 200


def test_without_a_certificate_nobody_enters(running_platform):
    _, answer = enter(running_platform.nginx)
    assert answer.status == 422


def test_certificate_of_another_issuer_is_turned_away_by_nginx(running_platform, tmp_path):
    stranger = Authority("Stranger").issue("Carla Karte").write(tmp_path)
    assert ask(running_platform.nginx, HOST, path=PAGE, client=stranger).status == 400


def test_expired_card_is_turned_away_by_nginx(running_platform, tmp_path):
    expired = running_platform.nginx.authority.issue("Carla Karte", days=-1).write(tmp_path)
    assert ask(running_platform.nginx, HOST, path=PAGE, client=expired).status == 400


@pytest.mark.parametrize("joint", ["-", "_"])
def test_headers_that_a_client_forges_open_nothing(running_platform, card, joint):
    forged = {
        f"X{joint}Relais{joint}Certificate": quote(card[0].pem.decode()),
        f"X{joint}Relais{joint}Certificate{joint}Verified": "SUCCESS",
        f"X{joint}Relais{joint}Proxy{joint}Secret": SECRET,
    }
    page, answer = enter(running_platform.nginx, headers=forged)
    assert "Carla Karte" not in page.body.decode()
    assert answer.status == 422
