"""The administrator invites a clerk; the clerk activates her access with the letter and signs in at the desk."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from playwright.sync_api import expect

from infra.demo.cast import CAISSE_ADMIN, PASSWORD
from tests.support.invitations import CODE

OWN_PASSWORD = "quatre mots tres calmes"


def read_letter(walker):
    """Wait for the newest letter and return the code in it."""
    for _ in range(200):
        kept = [json.loads(file.read_text()) for file in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")]
        letters = [one for one in kept if one["kind"] == "letter"]
        if letters:
            return CODE.findall(max(letters, key=lambda one: one["at"])["text"])[0]
        walker.page.wait_for_timeout(100)
    message = "no letter left"
    raise AssertionError(message)


def test_clerk_is_invited_by_letter_and_begins_to_work(walk):
    admin, clerk = walk("de"), walk("fr")
    invite(admin)
    code = read_letter(clerk)
    activate(clerk, code)
    page = clerk.page
    clerk.sign_in("nora@caisse.example", OWN_PASSWORD)
    expect(page.locator("h1")).to_have_text("Cas")
    admin.page.reload()
    expect(admin.page.locator("h1 + p .chip")).to_have_text("aktiv")
    admin.look("person-active")
    assert admin.faults + clerk.faults == []


def invite(admin):
    """Invite Nora for one theme, by letter."""
    page = admin.page
    admin.sign_in(CAISSE_ADMIN.email, PASSWORD)
    admin.go("/console/people/")
    expect(page.locator("h1")).to_have_text("Personen und Rollen")
    admin.look("people")
    page.locator("main a[href$='/console/people/invite/']").click()
    page.fill("#given_name", "Nora")
    page.fill("#family_name", "Nouvelle")
    page.fill("#email", "nora@caisse.example")
    page.select_option("#language", "fr")
    page.check("#scope-named")
    page.check("input[name=theme][value=employees]")
    page.check("#by-letter")
    admin.look("invite")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#refusal")).to_be_visible()
    page.fill("#street", "Rue du Lac 3")
    page.fill("#place", "1700 Fribourg")
    page.locator("main form .btn-primary").click()
    expect(page.locator("h1 + p .chip")).to_have_text("eingeladen")
    admin.look("person-invited")


def activate(clerk, code):
    """Go through the four steps; look away once and come back."""
    page = clerk.page
    clerk.go("/activate/")
    page.fill("#code", "0000 0000 0000")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#refusal")).to_be_visible()
    clerk.look("activate-refused")
    page.fill("#code", code.lower())
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("#again")
    clerk.look("activate-password")
    clerk.picture("caisse/activation.png")
    page.fill("#password", OWN_PASSWORD)
    page.fill("#again", OWN_PASSWORD)
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("#mobile")
    page.locator("form[action$='/leave/'] button").click()
    page.fill("#code", code)
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("#mobile")
    clerk.look("activate-mobile")
    known = len(clerk.texts())
    page.fill("#mobile", "079 100 20 30")
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("#code")
    clerk.look("activate-code")
    page.fill("#code", clerk._read_code(known))
    page.locator("main form[action$='/confirm/'] button").click()
    page.wait_for_selector("#name")
