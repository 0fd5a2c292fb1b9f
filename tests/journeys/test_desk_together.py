"""Two clerks in a browser, where the caisse asks for it: one finds a case by a word and proposes, the other confirms; then they look at the figures."""

from __future__ import annotations

import re

import pytest

from infra.demo.cast import CAISSE_ADMIN, CLERK, PASSWORD, SECOND_CLERK


def ask_for_two(admin):
    """Let the caisse ask for two people, on its own page of settings."""
    admin.sign_in(CAISSE_ADMIN.email, PASSWORD)
    admin.go("/console/desk/")
    admin.page.check("#field-four_eyes")
    admin.page.locator("main form button.btn-primary").click()
    admin.page.wait_for_selector("#reason")
    admin.page.locator("button[name=confirmed]").click()
    admin.page.wait_for_url(re.compile("/history/"))


@pytest.mark.parametrize("language", ["fr", "de"])
def test_one_proposes_and_another_confirms(walk, language):
    ask_for_two(walk(language))
    elena, felix = walk(language), walk(language)
    page = elena.page
    elena.sign_in(CLERK.email, PASSWORD)
    elena.go("/clerk/search/")
    page.fill("#q", "fabrique")
    page.press("#q", "Enter")
    page.wait_for_selector("mark")
    elena.look("search")
    elena.picture("caisse/search.png")
    assert "fabrique" not in page.url.casefold()
    page.locator(".line", has=page.locator(".chip.info")).first.click()
    elena.submit("/take/")
    page.wait_for_selector("form[action$='/propose/']")
    elena.look("propose")
    page.check("#outcome-close")
    page.fill("#decision-title", "Bestätigung")
    page.fill("#decision-text", "Alles in Ordnung.")
    page.locator("form[action$='/propose/'] button.btn-primary").click()
    page.wait_for_selector("form[action$='/take-back/']")
    elena.look("proposed")
    case = page.url
    felix.sign_in(SECOND_CLERK.email, PASSWORD)
    felix.go("/clerk/?state=confirm")
    felix.look("to-confirm")
    felix.page.locator(".line").first.press("Enter")
    felix.page.wait_for_selector("form[action$='/confirm/']")
    assert felix.page.url == case
    felix.look("confirm")
    felix.submit("/confirm/")
    felix.page.wait_for_selector("form[action$='/confirm/']", state="detached")
    felix.go("/clerk/statistics/")
    felix.page.locator("figure summary").first.press("Enter")
    felix.page.wait_for_selector("figure table")
    felix.look("statistics")
    felix.picture("caisse/statistics.png")
    assert elena.faults == []
    assert felix.faults == []
