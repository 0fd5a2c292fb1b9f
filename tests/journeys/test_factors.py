"""A person sets up an app, recovery codes and a passkey, comes in by each of them, and is asked for more where it is needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from playwright.sync_api import expect

from core.catalogue import registry
from core.configuration.sections import ThemesSection
from core.configuration.sections.themes import ThemeOffer, TypeRule
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from infra.demo.cast import COLLEAGUE, EMPLOYER_ADMIN, PASSWORD
from tenants.scope import tenant_transaction
from tests.journeys.walker import HOME
from tests.support.factors import code_of
from tests.support.mailbox import ENTRY

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.parametrize(("language", "person"), [("fr", EMPLOYER_ADMIN), ("de", COLLEAGUE)])
def test_app_recovery_code_and_passkey_open_the_portal(walk, language, person):
    walker = walk(language)
    page = walker.page
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    walker.sign_in(person.email, PASSWORD)
    walker.go("/me/factors/")
    walker.look("factors")
    secret = add_app(walker)
    page.wait_for_url("**/me/factors/codes/")
    codes = make_codes(walker)
    add_passkey(walker)
    sign_out(walker)
    walker.look("sign-in-passkey")
    page.locator("form[data-passkey] button").click()
    page.wait_for_url(HOME)
    for way, code in (("recovery_code", codes[0]), ("totp", code_of(secret, ahead=1))):
        sign_out(walker)
        enter_by(walker, person, way, code)
    assert walker.faults == []


def test_stronger_sign_in_is_asked_and_leads_back(walk, caisse):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(demand, caisse, 3).result()
    anne = walk("de")
    page = anne.page
    anne.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    begin(anne)
    expect(page.locator("h1")).to_have_text("Es braucht eine stärkere Anmeldung")
    anne.look("again-nothing")
    page.locator("main .btn-primary").click()
    add_app(anne)
    expect(page.locator("h1")).to_have_text("Danke, Sie sind es")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/edit/**")
    assert anne.faults == []


def demand(caisse, level):
    """Have the caisse ask a level for the entries of employees."""
    others = [ThemeOffer(slug=one.slug) for one in registry.list_all_themes() if one.slug != "employees"]
    own = ThemeOffer(slug="employees", types=(TypeRule(key=ENTRY, assurance=level),))
    with tenant_transaction(caisse):
        change_sections(actor=Actor.system("tests"), sections=[ThemesSection(offers=(own, *others))])
    connections.close_all()


def begin(walker):
    """Begin an entry from the list of what can be begun."""
    walker.go("/")
    walker.page.wait_for_url(HOME)
    walker.page.goto(f"{walker.page.url}new/")
    walker.page.locator(f"form[action$='/new/employees/{ENTRY}/'] button").first.click()


def add_app(walker):
    """Set an app up by the key in words; return that."""
    page = walker.page
    page.locator("main a[href$='/me/factors/app/']").click()
    secret = page.locator("span.code").inner_text().replace(" ", "")
    walker.look_once("factor-app")
    page.fill("#label", "Mon téléphone")
    page.fill("#code", code_of(secret))
    page.locator("main form .btn-primary").click()
    return secret


def make_codes(walker):
    """Let ten codes be shown; return them."""
    page = walker.page
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("ol.codes")
    walker.look("factor-codes")
    return page.locator("ol.codes .code").all_inner_texts()


def add_passkey(walker):
    """Set a passkey up."""
    page = walker.page
    walker.go("/me/factors/passkey/")
    walker.look("factor-passkey")
    page.fill("#label", "Ordinateur")
    page.locator("form[data-passkey] [type=submit]").click()
    page.wait_for_url("**/me/factors/")
    walker.look("factors-set-up")


def sign_out(walker):
    """Sign out by the menu."""
    walker.page.locator("details.menu summary").last.click()
    walker.page.locator("form[data-sign-out] button").click()
    walker.page.wait_for_url("**/sign-in/")


def enter_by(walker, person, way, code):
    """Sign in with the password and another way than the passkey that is offered first."""
    page = walker.page
    give_password(walker, person)
    page.wait_for_selector("form[data-passkey]:visible")
    walker.look_once("sign-in-by-passkey")
    page.locator("main a[href$='/sign-in/ways/']").click()
    walker.look_once("sign-in-ways")
    page.locator(f"form[action$='/{way}/start/'] button").click()
    page.fill("#code", code)
    walker.look(f"sign-in-{way}")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(HOME)


def give_password(walker, person):
    """The first step of a sign-in."""
    walker.page.fill("#name", person.email)
    walker.page.fill("#password", PASSWORD)
    walker.page.locator("main form .btn-primary").first.click()
