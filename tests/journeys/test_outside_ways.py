"""A person links her account elsewhere and registers her certificate, comes in by each, and proves anew by it who she is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from playwright.sync_api import expect

from core.accounts.models import Session
from core.accounts.openid import provider as providers
from core.accounts.sessions import METHODS_KEY
from infra.demo.cast import COLLEAGUE, EMPLOYER_ADMIN, PASSWORD
from tenants.scope import tenant_transaction
from tests.journeys.test_factors import sign_out
from tests.journeys.walker import HOME
from tests.support.certificates import SECRET, Authority
from tests.support.configuring import set_section
from tests.support.openid import PASSWORD as PASSWORD_THERE
from tests.support.openid import start_provider

PROVIDER = "Ausweis"
WORDS = {
    "fr": ("Confirmez que c’est bien vous", "Merci, c’est bien vous"),
    "de": ("Bestätigen Sie, dass Sie es sind", "Danke, Sie sind es"),
}


@pytest.fixture
def elsewhere(tmp_path):
    """Start a real provider for an address that is known once the platform is served; end it with the test."""
    running = []

    def start(base):
        running.append(start_provider(tmp_path, [base]))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.mark.parametrize(("language", "person"), [("fr", EMPLOYER_ADMIN), ("de", COLLEAGUE)])
def test_account_elsewhere_opens_the_portal_and_proves_anew(walk, caisse, elsewhere, language, person):
    walker = walk(language)
    provider = elsewhere(walker.base)
    outside(lambda: configure(caisse, "openid", **provider.settings()))
    page, words = walker.page, WORDS[language]
    walker.go("/sign-in/")
    walker.look("sign-in-openid")
    page.click("a[href*='/sign-in/openid/']")
    enter_there(page)
    page.wait_for_selector("main .alert-warning")
    walker.look("openid-unknown")
    walker.sign_in(person.email, PASSWORD)
    walker.go("/me/openid/link/")
    page.wait_for_url("**/me/openid/")
    walker.look("openid-link")
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("main .pair")
    walker.look("openid-linked")
    sign_out(walker)
    page.click("a[href*='/sign-in/openid/']")
    page.wait_for_url(HOME)
    outside(lambda: age_sessions(caisse))
    walker.go("/me/openid/")
    expect(page.locator("h1")).to_have_text(words[0])
    walker.look("again-openid")
    walker.go("/me/profile/email/")
    page.locator("main a", has_text=PROVIDER).click()
    enter_there(page)  # though she is signed in there
    page.wait_for_url("**/me/profile/email/")
    page.fill("#to", "neue@fabrique.example")
    outside(lambda: age_sessions(caisse))
    page.locator("main form .btn-primary").click()
    page.locator("main a", has_text=PROVIDER).click()
    enter_there(page)
    expect(page.locator("h1")).to_have_text(words[1])
    walker.look("again-done")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/me/profile/email/code/")
    assert walker.faults == []


@pytest.mark.parametrize(("language", "person"), [("fr", EMPLOYER_ADMIN), ("de", COLLEAGUE)])
def test_certificate_opens_the_portal_and_proves_anew(walk, caisse, language, person, settings):
    settings.CERTIFICATE_PROXY_SECRET = SECRET
    walker, words = walk(language), WORDS[language]
    outside(lambda: configure(caisse, "sign_in", factors=["sms", "totp", "certificate"]))
    page = walker.page
    walker.go("/sign-in/")
    page.click("a[href*='/sign-in/certificate/']")
    walker.look("certificate-none")
    walker.sign_in(person.email, PASSWORD)
    present(page)
    walker.go("/me/certificate/")
    walker.look("certificate-register")
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("main .pair")
    walker.look("certificate-registered")
    sign_out(walker)
    page.click("a[href*='/sign-in/certificate/']")
    walker.look("certificate-shown")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(HOME)
    outside(lambda: age_sessions(caisse))
    walker.go("/me/profile/email/")
    expect(page.locator("h1")).to_have_text(words[0])
    walker.look("again-certificate")
    page.click("main a[href$='/sign-in/again/certificate/']")
    walker.look("again-certificate-shown")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/me/profile/email/")
    assert walker.faults == []


def present(page):
    """Let the browser's requests arrive as the proxy passes them on after it has verified a certificate."""
    headers = Authority().issue().headers
    page.set_extra_http_headers(
        {name.removeprefix("HTTP_").replace("_", "-"): value for name, value in headers.items()}
    )


def enter_there(page):
    """Sign in on the provider's own page."""
    page.fill("[name=username]", "anne")
    page.fill("[name=password]", PASSWORD_THERE)
    page.click("button")


def configure(caisse, section, **values):
    providers.forget()
    with tenant_transaction(caisse):
        set_section(section, **values)


def age_sessions(caisse):
    """Let what was proved be eleven minutes older."""
    with tenant_transaction(caisse):
        for row in Session.objects.filter(user__isnull=False, ended_at__isnull=True):
            row.data[METHODS_KEY] = [one | {"at": one["at"] - 660} for one in row.data[METHODS_KEY]]
            row.save(update_fields=["data"])


def outside(work):
    """Do it in a thread of its own, since the browser's library runs an event loop in this one."""

    def closing():
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(closing).result()
