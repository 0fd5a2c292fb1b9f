"""Terms of use: the caisse writes and publishes them, the company accepts, a colleague acknowledges."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from infra.demo.cast import CAISSE_ADMIN, COLLEAGUE, EMPLOYER_ADMIN, PASSWORD


@pytest.mark.parametrize("language", ["fr", "de"])
def test_terms_are_published_accepted_and_acknowledged(walk, language):
    caisse, anne, beat = walk(language), walk(language), walk("de")
    page = caisse.page
    caisse.sign_in(CAISSE_ADMIN.email, PASSWORD)
    caisse.go("/console/terms-of-use/")
    caisse.look("console-terms")
    page.locator("button[name=audience][value=employer]").click()
    page.wait_for_selector("#fr-title")
    for code in ("fr", "de", "it", "en"):
        page.fill(f"#{code}-title", f"Nutzung {code}")
        page.fill(f"#{code}-summary", "Niemand gibt seine Codes weiter.")
        page.fill(f"#{code}-body", "# Zugang\n\nJede Person hat ihre eigenen Codes.")
    page.locator("button[value=publish]").click()
    expect(page.locator(".alert-error, .alert-danger")).to_be_visible()
    caisse.look("console-terms-draft")
    page.fill("#valid-from", dt.datetime.now(dt.UTC).date().isoformat())
    page.locator("button[value=publish]").click()
    page.wait_for_selector("a[href$='/answers/']")
    caisse.look("console-terms-published")

    anne.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    anne.page.wait_for_url("**/terms/")
    anne.look("terms-closed")
    anne.picture("caisse/terms.png")
    anne.page.locator("button[value=accepted]").click()
    anne.page.wait_for_selector("ul.tiles, .due")
    beat.sign_in(COLLEAGUE.email, PASSWORD)
    beat.page.locator("button[value=acknowledged]").click()
    beat.page.wait_for_selector("ul.tiles, .due")
    anne.page.goto(beat.page.url + "terms/")
    anne.look("terms-answered")
    caisse.page.locator("a[href$='/answers/']").click()
    expect(caisse.page.locator("dl.facts")).to_contain_text("1 /")
    caisse.look("console-terms-answers")
    assert caisse.faults + anne.faults + beat.faults == []
