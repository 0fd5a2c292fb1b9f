"""An operator makes a caisse: signed in with password and one-time password, to the open portal and the letter."""

from __future__ import annotations

import pytest
from django.db import connections
from playwright.sync_api import expect

from core.accounts.factors import totp_codes as totp
from core.kernel import clock
from core.operator.factors import open_secret
from tests.journeys.walker import Walker
from tests.support import live
from tests.support.operators import PASSWORD, make_operator
from tests.support.working import working

FILE = b'[branding]\nname = 7\nfont = "large"\n'
WORDS = {"fr": ("Le portail est ouvert", "existe déjà"), "de": ("Das Portal ist offen", "gibt es schon")}


@pytest.fixture
def served(settings, kept_browser):
    """The platform with its provisioning worker, the browser, and the operator's secret."""
    operator = make_operator()
    secret = open_secret(operator)
    connections.close_all()
    with live.serve() as platform, working(), kept_browser.lent() as browser:
        settings.PUBLIC_PORT = platform.port
        yield platform.port, browser, operator.email, secret


def _sign_in(walker, email, secret):
    walker.go("/operator/caisses/new/")
    walker.page.fill("#email", email)
    walker.page.fill("#password", PASSWORD)
    walker.page.fill("#code", totp.code_of(secret, totp.step_at(clock.now())))
    walker.page.locator("form:has(#password) button[type=submit]").click()
    walker.page.wait_for_selector("#id_slug")


def _go_on(walker):
    walker.page.locator("main form.card-r button.btn-primary").click()


def _look(walker, name):
    """Look in one language: the longest texts of both stand on the review and on the last page."""
    if walker.language == "fr":
        walker.look(name)


def _describe_place(walker, told):
    page = walker.page
    page.fill("#id_slug", "ak26")
    expect(page.locator("#slug-live")).to_contain_text(told)
    page.fill("#id_name", "Caisse du Lac")
    page.set_input_files("#id_file", files=[{"name": "caisse.toml", "mimeType": "text/plain", "buffer": FILE}])
    _go_on(walker)
    expect(page.locator("table.data")).to_contain_text("font")
    expect(page.locator("#id_name")).to_have_value("Caisse du Lac")
    _look(walker, "wizard-faults")
    page.fill("#id_slug", "lac")
    _go_on(walker)


def _name_administrator(walker):
    page = walker.page
    page.fill("#id_given_name", "Léa")
    page.fill("#id_family_name", "Favre")
    page.fill("#id_email", "lea@lac.example")
    page.check("input[name=by][value=letter]")
    page.fill("#id_lines", "Rue du Lac 1\n3280 Morat")
    _look(walker, "wizard-administrator")
    _go_on(walker)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_caisse_is_made_from_the_sign_in_to_the_open_portal(served, language, looking):
    port, browser, email, secret = served
    opened, told = WORDS[language]
    operator = Walker(browser, f"http://localhost:{port}", list, language, **looking)
    page = operator.page
    _sign_in(operator, email, secret)
    _describe_place(operator, told)
    _name_administrator(operator)
    operator.look("wizard-review")
    operator.picture("operator/wizard-review.png")
    page.locator("main form .actions button.btn-primary").click()
    page.wait_for_selector("#made", timeout=60_000)
    page.reload()
    expect(page.locator("#made")).to_have_text(opened)
    operator.look("wizard-made")
    operator.picture("operator/wizard-made.png")
    portal = page.locator("section[aria-labelledby=made] p a").first
    assert portal.inner_text() == f"http://lac.localhost:{port}/"
    page.locator("a[href$='/hosts/']").click()
    page.locator("main .head button").click()
    expect(page.locator(".chip.ok")).to_be_visible()
    _look(operator, "wizard-hosts")
    operator.go("/dev/outbox/")
    expect(page.locator("main")).to_contain_text("3280 Morat", timeout=30_000)
    page.goto(f"http://lac.localhost:{port}/sign-in/")
    expect(page.locator("a.brand")).to_contain_text("Caisse du Lac")
    assert operator.faults == []
