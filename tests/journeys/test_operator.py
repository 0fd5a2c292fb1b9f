"""An operator sets up her sign-in by a link, comes in with a passkey, then with password and one-time password."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core.accounts.factors import totp_codes as totp
from core.kernel import clock
from core.kernel.actors import Actor
from core.operator import people
from tenants.scope import platform_transaction

EMAIL, PASSWORD = "nora@relais.example", "Am Murtensee steht eine Linde"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def link(database):
    """The address that Nora was handed, without its host."""
    with platform_transaction():
        _operator, secret = people.add_operator(actor=Actor.system("command line"), email=EMAIL, name="Nora Neu")
    return f"/operator/enrol/{secret}/"


def give_device(page):
    """Plug an authenticator into the browser that knows its user; return how to make it doubt her."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def recognise(known):
        named = {"authenticatorId": device, "isUserVerified": known}
        session.send("WebAuthn.setUserVerified", named)

    return recognise


def use_passkey(page):
    page.locator("form[data-passkey] button[type=submit]").click()


def set_password(walker):
    """Set password and one-time password; return the secret that the telephone now has."""
    page = walker.page
    walker.go("/operator/me/password/")
    secret = page.locator("main .code").first.inner_text().replace(" ", "")
    page.fill("#new-password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.fill("#new-code", totp.code_of(secret, totp.step_at(clock.now())))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/operator/me/")
    return secret


def sign_in_by_password(page, code):
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.fill("#code", code)
    page.locator("form:not([data-passkey]) button.btn-outline-primary").click()


@pytest.mark.parametrize("language", ["fr", "de"])
def test_link_passkey_password_and_way_out(link, walk_platform, language):
    nora = walk_platform(language)
    page = nora.page
    recognise = give_device(page)
    nora.go(link)
    nora.look("operator-enrol")
    page.fill("#label", "Notebook")
    use_passkey(page)
    page.wait_for_url("**/operator/sign-in/?enrolled=1")
    nora.look("operator-sign-in")
    recognise(False)
    use_passkey(page)
    expect(page.locator("form[data-passkey] [role=alert]")).to_be_visible()
    recognise(True)
    use_passkey(page)
    page.wait_for_url(re.compile(r"/operator/$"))
    nora.look("operator-home")
    secret = set_password(nora)
    nora.look("operator-me")
    nora.submit("/sign-out-everywhere/")
    page.wait_for_url("**/operator/sign-in/")
    sign_in_by_password(page, "000000")
    expect(page.locator("#refusal")).to_be_visible()
    sign_in_by_password(page, totp.code_of(secret, totp.step_at(clock.now()) + 1))
    page.wait_for_url(re.compile(r"/operator/$"))
    nora.go("/operator/prove/")
    nora.look("operator-prove")
    nora.go("/operator/people/")
    nora.look("operator-people")
    nora.go("/operator/acts/")
    nora.look("operator-acts")
    assert nora.faults == []
