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


@pytest.fixture(scope="module")
def card(running_platform, platform_environment, tmp_path_factory):
    """A card of the issuer that nginx trusts, registered for a person."""
    issued = running_platform.nginx.authority.issue("Carla Karte")
    done = run(platform_environment, "-c", REGISTER, issued.fingerprint)
    assert done.returncode == 0, done.stderr
    return issued, issued.write(tmp_path_factory.mktemp("card"))


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
