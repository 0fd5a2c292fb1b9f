"""An operator closes a caisse with a reason and opens it again; its people read why, within a second."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from playwright.sync_api import expect

from core.kernel import clock
from core.operator.models import HourSample
from core.operator.samples.taking import take_samples
from tenants.scope import platform_transaction
from tests.journeys.walker import Walker
from tests.support import live
from tests.support.operators import sign_in_operator

WORDS = {"fr": ("Ce portail est fermé", "Contrat échu."), "de": ("Dieses Portal ist", "Vertrag abgelaufen.")}


def _have_a_past(caisse):
    """Two days in which the outbox was late once and stuck once."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    with platform_transaction():
        HourSample.objects.bulk_create(
            HourSample(
                caisse_id=caisse.id, hour=hour - timedelta(hours=n), messages=n * 7 % 11, mails=n, sms=n % 5,
                outbox_oldest_seconds={5: 900, 9: 4000}.get(n, 0), outbox_given_up=0, document_bytes=10**9 + n * 10**7,
            )
            for n in range(1, 40)
        )  # fmt: skip
    take_samples()


@pytest.fixture
def served(caisse, kept_browser):
    """The platform, a browser, and the key of an operator who has just signed in."""
    _have_a_past(caisse)
    key = sign_in_operator().cookies["relais_operator"].value
    connections.close_all()
    with live.serve() as platform, kept_browser.lent() as browser:
        yield platform, browser, key


@pytest.mark.parametrize("language", ["fr", "de"])
def test_caisse_is_closed_with_a_reason_and_opened_again(served, caisse, language, looking):
    platform, browser, key = served
    heading, reason = WORDS[language]
    operator = Walker(browser, f"http://localhost:{platform.port}", list, language, **looking)
    operator.page.context.add_cookies([{"name": "relais_operator", "value": key, "url": operator.base}])
    visitor = Walker(browser, platform.base(caisse.slug), list, language, **looking)
    visitor.go("/sign-in/")

    look = operator.look if language == "fr" else lambda _name: None
    operator.go("/operator/caisses/")
    look("caisses")
    operator.picture("operator/caisses.png")
    operator.page.locator(f"a[href$='/{caisse.id}/']").click()
    look("caisse")
    operator.picture("operator/caisse.png")
    operator.page.locator("a[href$='/suspend/']").click()
    operator.page.fill("#reason", "unpaid")
    operator.page.fill("#text-fr", WORDS["fr"][1])
    operator.page.fill("#text-de", WORDS["de"][1])
    look("suspend")
    operator.page.locator("button.btn-danger").click()
    expect(operator.page.locator("h1 + p .chip.warn")).to_be_visible()

    visitor.faults.clear()
    visitor.go_until("/sign-in/", visitor.page.locator("h1", has_text=heading))
    expect(visitor.page.locator("main")).to_contain_text(reason)
    visitor.look("closed")
    visitor.picture("operator/closed.png")
    visitor.faults[:] = [one for one in visitor.faults if "status of 503" not in one]

    operator.page.locator("form[action$='/resume/'] button").click()
    expect(operator.page.locator("h1 + p .chip.ok")).to_be_visible()
    visitor.page.locator("main a.btn-primary").click()
    visitor.go_until("/sign-in/", visitor.page.locator("#name"))
    visitor.faults[:] = [one for one in visitor.faults if "status of 503" not in one]
    assert operator.faults + visitor.faults == []


def test_notice_for_all_is_written_looked_at_and_read(served, caisse, looking):
    platform, browser, key = served
    operator = Walker(browser, f"http://localhost:{platform.port}", list, "fr", **looking)
    operator.page.context.add_cookies([{"name": "relais_operator", "value": key, "url": operator.base}])
    operator.go("/operator/notices/new/")
    operator.page.select_option("#kind", "maintenance")
    operator.page.select_option("#level", "warning")
    operator.page.fill("#text-fr", "Les déclarations ne peuvent pas être envoyées.")
    operator.page.locator("main form > .card-r button").last.click()
    expect(operator.page.locator("#preview")).to_be_visible()
    operator.look("notice-preview")
    operator.page.locator("button[name=publish]").click()
    operator.look("notices")
    operator.go(f"/operator/caisses/{caisse.id}/limits/")
    operator.look("limits")
    operator.go("/operator/usage/")
    operator.look("usage")
    visitor = Walker(browser, platform.base(caisse.slug), list, "fr", **looking)
    words = "Les déclarations ne peuvent pas être envoyées."
    visitor.go_until("/sign-in/", visitor.page.locator(".alert-warning", has_text=words))
    assert operator.faults + visitor.faults == []
