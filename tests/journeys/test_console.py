"""The caisse's administrator sets her portal up: name and colour, a theme off and on, history, a later day."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from infra.demo.cast import CAISSE_ADMIN, COLLEAGUE, PASSWORD


def save(walker, reason=""):
    """See what would change, confirm it."""
    page = walker.page
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("#reason")
    page.fill("#reason", reason)
    page.locator("button[name=confirmed]").click()
    page.wait_for_url("**/history/")


@pytest.mark.parametrize("language", ["fr", "de"])
def test_name_and_colour_are_changed_seen_and_restored(walk, language):
    admin = walk(language)
    page = admin.page
    admin.sign_in(CAISSE_ADMIN.email, PASSWORD)
    admin.go("/console/")
    admin.look("console")
    page.fill("#settings-search", "couleur" if language == "fr" else "Farbe")
    page.press("#settings-search", "Enter")
    page.locator("main a[href*='/console/branding/']").first.click()
    page.wait_for_selector("#field-accent")
    admin.look("console-branding")
    page.fill("#field-accent", "#ffff00")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#field-accent-fault")).to_be_visible()
    admin.look("console-fault")
    page.fill("#field-accent", "#7a1f5c")
    page.fill("#field-short_name", "Caisse neuve")
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("#reason")
    admin.look("console-preview")
    page.fill("#reason", "Nouvelle image")
    page.locator("button[name=confirmed]").click()
    page.wait_for_url("**/history/")
    expect(page.locator("a.brand")).to_contain_text("Caisse neuve")
    admin.look("console-history")
    assert admin.faults == []


def test_theme_is_switched_off_and_on_while_the_portal_runs(walk):
    admin, colleague = walk("fr"), walk("de")
    colleague.sign_in(COLLEAGUE.email, PASSWORD)
    home = colleague.page.url
    expect(colleague.page.locator("form[action*='/employees']").first).to_be_visible()
    admin.sign_in(CAISSE_ADMIN.email, PASSWORD)
    switch(admin, on=False)
    colleague.page.goto(home)
    expect(colleague.page.locator("form[action*='/employees']")).to_have_count(0)
    switch(admin, on=True)
    colleague.page.goto(home)
    expect(colleague.page.locator("form[action*='/employees']").first).to_be_visible()
    assert admin.faults + colleague.faults == []


def switch(admin, *, on):
    page = admin.page
    admin.go("/console/themes/")
    row = page.locator("fieldset details").filter(has=page.locator("input[value='employees']"))
    row.locator("summary").first.click()
    admin.look("console-themes")
    row.locator("input[type=checkbox][name$='.on']:not([name*='.types.'])").set_checked(on)
    save(admin)


def test_change_waits_for_its_day(walk):
    admin = walk("fr")
    page = admin.page
    admin.sign_in(CAISSE_ADMIN.email, PASSWORD)
    admin.go("/console/deadlines/")
    before = page.input_value("#field-answer_days")
    page.fill("#field-answer_days", "21")
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("#from")
    page.fill("#from", "2999-01-01")
    page.locator("button[name=confirmed]").click()
    page.wait_for_url("**/history/")
    expect(page.locator("main")).to_contain_text(re.compile("01.01.2999"))
    admin.go("/console/deadlines/")
    assert page.input_value("#field-answer_days") == before
    assert admin.faults == []
