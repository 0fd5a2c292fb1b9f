"""The caisse's administrator sets her portal up: look, themes with news to the employer, history, a later day, undo."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from infra.demo.cast import CAISSE_ADMIN, COLLEAGUE, PASSWORD

SUBMIT = "main form button.btn-primary"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 8"><rect width="24" height="8" fill="#7a1f5c"/></svg>'
HISTORY = re.compile(r"/history/(\?saved)?$")


def save(walker, reason="", day=""):
    """See what would change, confirm it."""
    page = walker.page
    page.locator(SUBMIT).click()
    page.wait_for_selector("#reason")
    page.fill("#reason", reason)
    page.fill("#from", day)
    page.locator("button[name=confirmed]").click()
    page.wait_for_url(HISTORY)


def undo(walker):
    walker.page.locator("form[action$='/undo/'] button").first.click()
    walker.page.wait_for_url(re.compile(r"/history/$"))


@pytest.mark.parametrize("language", ["fr", "de"])
def test_look_is_tried_on_real_pages_saved_and_undone(walk, language):
    admin = walk(language)
    page = admin.page
    admin.sign_in(CAISSE_ADMIN.email, PASSWORD)
    admin.go("/console/")
    admin.look("console")
    admin.picture("caisse/console.png")
    page.fill("#settings-search", "couleur" if language == "fr" else "Farbe")
    page.press("#settings-search", "Enter")
    page.locator("main a[href*='/console/branding/#']").first.click()
    page.wait_for_selector("#field-accent")
    page.fill("#field-accent", "#ffcc00")
    page.locator("#field-accent-contrast button").click()
    expect(page.locator("#field-accent-contrast .chip.ok")).to_be_visible()
    page.fill("#field-short_name", "Caisse neuve")
    tried = page.locator(".trial iframe").last.content_frame
    expect(tried.locator("a.brand")).to_contain_text("Caisse neuve")
    page.set_input_files("#field-logo_svg", {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO})
    expect(tried.locator("a.brand img")).to_be_visible()
    page.check("#preview-phone")
    admin.look("console-branding")
    page.uncheck("#preview-phone")
    admin.picture("caisse/branding.png")
    before = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')")
    save(admin, "Nouvelle image")
    expect(page.locator("a.brand")).to_contain_text("Caisse neuve")
    expect(page.locator("a.brand img")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')") != before
    admin.look("console-history")
    admin.picture("caisse/history.png")
    undo(admin)
    expect(page.locator("a.brand")).not_to_contain_text("Caisse neuve")
    assert admin.faults == []


def test_theme_is_switched_off_and_on_and_the_employer_is_told(walk):
    admin, colleague = walk("fr"), walk("de")
    colleague.sign_in(COLLEAGUE.email, PASSWORD)
    home = colleague.page.url.removeprefix(colleague.base)
    expect(colleague.page.locator("form[action*='/employees']").first).to_be_visible()
    admin.sign_in(CAISSE_ADMIN.email, PASSWORD)
    switch(admin, on=False)
    told = colleague.page.locator(".announced")
    colleague.go_until(home, told)  # the notice follows by the time that a worker needs
    expect(colleague.page.locator("form[action*='/employees']")).to_have_count(0)
    colleague.look("told-of-a-theme")
    told.locator("button").click()
    expect(told).to_have_count(0)
    switch(admin, on=True)
    colleague.go_until(home, colleague.page.locator("form[action*='/employees']"))
    assert admin.faults + colleague.faults == []


def switch(admin, *, on):
    page = admin.page
    admin.go("/console/themes/")
    row = page.locator("fieldset details").filter(has=page.locator("option[value='employees'][selected]"))
    row.locator("summary").first.click()
    admin.look("console-themes")
    if not on:
        admin.picture("caisse/themes.png")
    row.locator("input[type=checkbox][name$='.on']:not([name*='.types.'])").set_checked(on)
    save(admin)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_change_waits_for_its_day_and_is_called_off(walk, language):
    admin = walk(language)
    page = admin.page
    admin.sign_in(CAISSE_ADMIN.email, PASSWORD)
    admin.go("/console/deadlines/")
    before = page.input_value("#field-answer_days")
    page.fill("#field-answer_days", "900")
    page.locator(SUBMIT).click()
    expect(page.locator("#field-answer_days-fault")).to_be_visible()
    admin.look("console-fault")
    page.fill("#field-answer_days", "21")
    save(admin, day="2999-01-01")
    expect(page.locator("main")).to_contain_text(re.compile("01.01.2999"))
    admin.go("/console/deadlines/")
    assert page.input_value("#field-answer_days") == before
    admin.go("/console/deadlines/history/")
    undo(admin)
    expect(page.locator("main .chip.warn")).to_have_count(0)
    admin.look("console-called-off")
    assert admin.faults == []
