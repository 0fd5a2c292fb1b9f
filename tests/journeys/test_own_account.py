"""Who forgot her password comes in again by herself, and looks after her own access."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from infra.demo.cast import COLLEAGUE, EMPLOYER_ADMIN
from tests.journeys.walker import HOME

WORDS = {
    "fr": ("Mot de passe oublié", "Choisissez votre mot de passe", "Navigateurs mémorisés", "Profil"),
    "de": ("Passwort vergessen", "Wählen Sie Ihr eigenes Passwort", "Gemerkte Browser", "Profil"),
}
NEW, NEWER = "mésange bleue 7 lacs", "quatre mots très calmes"


def read_mail(walker, to):
    """Wait for a mail with a code and return that."""
    for _ in range(200):
        kept = [json.loads(file.read_text()) for file in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")]
        found = [one for one in kept if one["kind"] == "mail" and one["to"] == to]
        for one in sorted(found, key=lambda one: one["at"], reverse=True):
            if code := re.search(r"\b\d{6}\b", one["text"]):
                return code[0]
        walker.page.wait_for_timeout(100)
    message = "no code arrived by mail"
    raise AssertionError(message)


@pytest.mark.parametrize(("language", "person"), [("fr", EMPLOYER_ADMIN), ("de", COLLEAGUE)])
def test_forgotten_password_and_own_access(walk, language, person):
    walker, words = walk(language), WORDS[language]
    look = walker.look if language == "fr" else lambda _name: None
    page = walker.page
    walker.go("/sign-in/")
    page.click("a[href$='/sign-in/forgotten/']")
    expect(page.locator("h1")).to_have_text(words[0])
    look("forgotten")
    page.fill("#name", person.email)
    page.click("main .btn-primary")
    page.wait_for_selector("#code")
    look("forgotten-code")
    page.fill("#code", read_mail(walker, person.email))
    known = len(walker.texts())
    page.click("main .btn-primary")
    page.wait_for_url(re.compile("/sign-in/code/"))
    page.fill("#code", walker._read_code(known - 1 if known else 0))
    page.locator("main form .btn-primary").first.click()
    page.wait_for_selector("#again")
    expect(page.locator("h1")).to_have_text(words[1])
    look("own-password")
    page.fill("#password", NEW)
    page.fill("#again", NEW)
    page.click("main .btn-primary")
    page.wait_for_url(HOME)
    change_password(walker, look)
    walker.go("/me/browsers/")
    expect(page.locator("h1")).to_have_text(words[2])
    look("me-browsers")
    walker.go("/me/profile/")
    expect(page.locator("h1")).to_have_text(words[3])
    look("me-profile")
    page.click("a[href$='/me/profile/email/']")
    page.wait_for_selector("#to")
    look("me-email")
    assert walker.faults == []


def change_password(walker, look):
    """Change the password once more, now from within."""
    page = walker.page
    walker.go("/me/password/")
    page.fill("#present", "wrong")
    page.fill("#password", NEWER)
    page.fill("#again", NEWER)
    page.click("main .btn-primary")
    expect(page.locator("#refusal")).to_be_visible()
    look("me-password")
    page.fill("#present", NEW)
    page.fill("#password", NEWER)
    page.fill("#again", NEWER)
    page.click("main .btn-primary")
    page.wait_for_url(re.compile("/me/$"))
    look("me")
